public import AionModel

/// The latest changes, kept so that a follower that fell behind can catch up.
///
/// Bounded by the number of commands; the oldest changes go first.
public struct ChangeHistory: Sendable {
  /// Every change from this index on is here.
  public private(set) var start: LogIndex
  private var changes: [Change] = []
  /// Changes before this place are gone; their slots are reclaimed now and then.
  private var head = 0
  private var commandCount = 0
  private let limit: Int

  /// - Parameters:
  ///   - index: The newest index whose effects are already in the state; changes follow it.
  ///   - limit: How many commands are kept at most.
  public init(after index: LogIndex, limit: Int = 65_536) {
    start = index.next
    self.limit = limit
  }

  /// The number of changes that are kept.
  public var count: Int { changes.count - head }

  /// - Precondition: The change's index is above that of every change before.
  public mutating func append(_ change: Change) {
    let last = changes.last?.index ?? start.previous
    precondition(change.index > last, "change \(change.index) after \(last)")
    changes.append(change)
    commandCount += change.batch.commands.count
    while commandCount > limit, head < changes.count { dropOldest() }
    if head > 64, head * 2 > changes.count {
      changes.removeSubrange(..<head)
      head = 0
    }
  }

  /// The first changes at `index` and after it, at most `limit`.
  ///
  /// - Throws: `compacted` when one of them may be gone.
  public func changes(
    from index: LogIndex, limit: Int = .max
  ) throws(ClusterError) -> ArraySlice<Change> {
    guard index >= start else { throw .compacted(asked: index, oldest: start) }
    return changes[place(of: index)...].prefix(limit)
  }

  private mutating func dropOldest() {
    commandCount -= changes[head].batch.commands.count
    start = changes[head].index.next
    head += 1
  }

  /// Where the first change at `index` or after it stands.
  private func place(of index: LogIndex) -> Int {
    var low = head
    var high = changes.count
    while low < high {
      let middle = (low + high) / 2
      if changes[middle].index < index { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
