/// The fewest operations that show why a history cannot be put in order.
///
/// The window ends with the operation that cannot take its turn, and begins as late as it can when
/// the object may have been anything before that it ever was. What is not needed for the
/// contradiction is then let go: it may happen at any time, or never.
struct Window<Model: SequentialModel> {
  typealias Duty = Obligations<Model.Effect>.Duty
  typealias Chance = Obligations<Model.Effect>.Chance

  private var search: Search<Model>
  /// Those that must have happened, in the order of their returns.
  private(set) var duties: [Duty] = []
  /// Those that may have, while the window lasts.
  private(set) var chances: [Chance] = []
  /// How many operations before the window belong to the contradiction too: none but when it is too
  /// large to be narrowed down.
  private(set) var hidden = 0
  /// What the object can have been before the window, as texts in order.
  private(set) var before: [String] = []

  /// Searches within a window are small; what takes longer is taken for no contradiction.
  private static var limit: Int { 20_000 }
  /// How many duties a window has.
  private static var longest: Int { 64 }
  private static var shownAtLeast: Int { 16 }
  private static var everyStateLimit: Int { 20_000 }

  /// The window of a search that has found no order.
  init(of stuck: Search<Model>) {
    search = Search(
      model: stuck.model, obligations: stuck.obligations, from: [stuck.model.initialState],
      limit: Window.limit)
    search.looksAhead = false
    let outcome = search.run()
    if case .stuck(let last) = outcome {
      let all = search.states(before: 0...last)
      narrow(
        before: last,
        from: all.count <= 512 ? Array(all) : Array(search.states(before: max(0, last - 64)...last))
      )
    } else if case .stuck(let last) = stuck.outcome {
      narrow(stalledAt: last)
    }
    guard duties.isEmpty, case .stuck(let last) = stuck.outcome else { return }
    hidden = max(0, last + 1 - Window.shownAtLeast)
    duties = Array(search.obligations.duties[hidden...last])
  }

  /// A window of a search that has not ended yet: nil when there is no contradiction near this duty
  /// whatever the object was before, as far as the model knows what it can be.
  init?(of stalled: Search<Model>, at place: Int) {
    search = stalled
    narrow(stalledAt: place)
    if duties.isEmpty { return nil }
  }

  /// The search may have looked ahead: the contradiction may end some way behind the place.
  private mutating func narrow(stalledAt place: Int) {
    guard let states = search.everyState, states.count <= Window.everyStateLimit else {
      return
    }
    // Small windows first: a large one may hold the contradiction and be too much to search.
    for (size, more) in [(1, 0), (8, 0), (16, 0), (16, 32), (32, 64), (64, Outlook.horizon)] {
      let first = max(0, place + 1 - size)
      let farthest = min(search.obligations.duties.count - 1, place + more)
      guard isContradiction(first: first, last: farthest, from: states) else { continue }
      let last = (place..<farthest).partitioningPlace {
        isContradiction(first: first, last: $0, from: states)
      }
      narrow(before: last, from: states)
      return
    }
  }

  /// Begins as late as a contradiction lets it.
  private mutating func narrow(before last: Int, from states: [Model.State]) {
    let sizes = 1..<min(last + 1, Window.longest)
    var size = sizes.partitioningPlace {
      isContradiction(first: last + 1 - $0, last: last, from: states)
    }
    if size == sizes.upperBound, !isContradiction(first: last + 1 - size, last: last, from: states)
    {
      size = last + 1
    }
    let states = size == last + 1 ? [search.model.initialState] : states
    (duties, chances) = operations(first: last + 1 - size, last: last)
    before = states.map(search.model.describe).sorted()
    letGo(of: states)
  }

  private func isContradiction(first: Int, last: Int, from states: [Model.State]) -> Bool {
    let (duties, chances) = operations(first: first, last: last)
    return isContradiction(duties, chances, from: states)
  }

  private func operations(first: Int, last: Int) -> ([Duty], [Chance]) {
    let obligations = search.obligations
    let begin = first == 0 ? -1 : obligations.duties[first - 1].returned
    let end = obligations.duties[last].returned
    var duties: [Duty] = []
    var chances = obligations.chances.filter { $0.invoked < end }
    for duty in obligations.duties[first...] where duty.invoked < end {
      // It may have had its turn before the window, or have it after.
      let isSure = duty.invoked > begin && duty.returned <= end
      if isSure { duties.append(duty) } else if !duty.isRead { chances.append(Chance(duty)) }
    }
    return (duties, chances)
  }

  private func isContradiction(
    _ duties: [Duty], _ chances: [Chance], from states: [Model.State]
  ) -> Bool {
    guard !duties.isEmpty, let obligations = Obligations(duties: duties, chances: chances) else {
      return false
    }
    var search = Search(
      model: search.model, obligations: obligations, from: states,
      limit: Window.limit + 20 * states.count)
    if case .stuck = search.run() { return true }
    return false
  }

  /// From the oldest on; the last duty stays.
  private mutating func letGo(of states: [Model.State]) {
    guard duties.count <= Window.longest else { return }
    for duty in duties.dropLast() {
      let others = duties.filter { $0.operation != duty.operation }
      var free = Chance(duty)
      free.invoked = -1
      let more = duty.isRead ? chances : chances + [free]
      guard isContradiction(others, more, from: states) else { continue }
      (duties, chances) = (others, more)
    }
  }
}

extension Obligations.Chance {
  fileprivate init(_ duty: Obligations.Duty) {
    self.init(effect: duty.effect, operation: duty.operation, invoked: duty.invoked)
  }
}

extension Window {
  /// At most this many of what may have happened is shown.
  private static var shownChances: Int { 6 }

  func explanation(key: HistoryKey, operations: [HistoryOperation]) -> String {
    guard let last = duties.last, let first = duties.map(\.invoked).min() else { return "" }
    let open = chances.filter { $0.invoked > first }.prefix(Window.shownChances)
    let shown = duties.map(\.operation) + open.map(\.operation)
    var timeline = Timeline()
    for place in shown { timeline.add(operations[place], end: last.returned) }
    var lines = ["\(key): no order explains \(whatFollows)."]
    lines += timeline.lines
    if chances.count > open.count {
      lines.append(
        "Nor do the \(chances.count - open.count) others help that may have happened at that time.")
    }
    return lines.joined(separator: "\n")
  }

  private var whatFollows: String {
    if hidden > 0 { return "\(hidden) operations and these, all together" }
    let these = duties.count == 1 ? "this operation" : "these \(duties.count) operations"
    return these + whatItWas
  }

  private var whatItWas: String {
    switch before.count {
    case 1: ", if it was \(before[0]) before"
    case 2...8: ", whether it was \(before.joined(separator: " or ")) before"
    default: ", whichever of \(before.count) states it was in before"
    }
  }
}

extension Range<Int> {
  /// The first place for which it holds, given that it holds for all behind that; else the end.
  fileprivate func partitioningPlace(_ holds: (Int) -> Bool) -> Int {
    var range = self
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      range = holds(middle) ? range.lowerBound..<middle : middle + 1..<range.upperBound
    }
    return range.lowerBound
  }
}
