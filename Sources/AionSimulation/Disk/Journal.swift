import AionModel

/// Changes that are not all on the platter yet, with their times.
///
/// A node calls its disk and goes on at once, while the disk counts the time that the call would
/// have taken. What a crash finds is decided by these times: a change that was made after the crash
/// was never made, and a sync that had not ended by then has promised nothing.
struct Journal<Change> {
  enum Record {
    case change(Change)
    case sync(done: Moment)
  }

  private(set) var records: [(at: Moment, record: Record)] = []

  var isEmpty: Bool { records.isEmpty }

  mutating func note(_ change: Change, at time: Moment) { records.append((time, .change(change))) }

  mutating func noteSync(begun: Moment, done: Moment) { records.append((begun, .sync(done: done))) }

  /// Takes out what syncs that have ended by `now` have made durable, in order.
  mutating func takeDurable(by now: Moment) -> [Change] {
    guard
      let place = records.lastIndex(where: { entry in
        if case .sync(let done) = entry.record { done <= now } else { false }
      })
    else { return [] }
    let begun = records[place].at
    var durable: [Change] = []
    var rest: [(at: Moment, record: Record)] = []
    for (position, entry) in records.enumerated() {
      if position <= place, entry.at <= begun {
        if case .change(let change) = entry.record { durable.append(change) }
      } else {
        rest.append(entry)
      }
    }
    records = rest
    return durable
  }

  /// Takes out everything: what had been done by `now` and was not durable.
  mutating func takeUnsynced(by now: Moment) -> [Change] {
    defer { records = [] }
    return records.compactMap { entry in
      guard entry.at <= now, case .change(let change) = entry.record else { return nil }
      return change
    }
  }

  /// Loses some of the changes since the last sync for good, as after one that failed.
  mutating func forgetSome(_ chance: inout SplitMix64) {
    let synced = records.lastIndex { entry in
      if case .sync = entry.record { true } else { false }
    }
    let kept = records[(synced.map { $0 + 1 } ?? 0)...].filter { _ in chance.below(2) == 0 }
    records = records.prefix(synced.map { $0 + 1 } ?? 0) + kept
  }
}
