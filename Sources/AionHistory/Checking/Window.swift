/// The fewest operations that show why a history cannot be put in order.
///
/// The window ends with the operation that cannot take its turn, and begins as late as it can when
/// the object may have been anything before that it ever was. What is not needed for the
/// contradiction is then let go: it may happen at any time, or never.
struct Window<Model: SequentialModel> {
  typealias Duty = Obligations<Model.Effect>.Duty
  typealias Chance = Obligations<Model.Effect>.Chance

  private let search: Search<Model>
  /// Those that must have happened, in the order of their returns.
  private(set) var duties: [Duty] = []
  /// Those that may have, while the window lasts.
  private(set) var chances: [Chance] = []
  /// What the object can have been before the window, as texts in order.
  private(set) var before: [String] = []

  /// Searches within a window are small; what takes longer is taken for no contradiction.
  private static var limit: Int { 100_000 }

  init(of search: Search<Model>, stuckAt last: Int) {
    self.search = search
    for size in Window.sizes(upTo: last + 1) {
      let first = last + 1 - size
      let states = startStates(first: first, last: last)
      let (duties, chances) = operations(first: first, last: last)
      guard size == last + 1 || isContradiction(duties, chances, from: states) else { continue }
      (self.duties, self.chances) = (duties, chances)
      before = states.map(search.model.describe).sorted()
      letGo(of: states)
      return
    }
  }

  private static func sizes(upTo all: Int) -> [Int] {
    var sizes: [Int] = []
    var size = 1
    while size < all {
      sizes.append(size)
      size += size < 16 ? 1 : size / 2
    }
    return sizes + [all]
  }

  private func startStates(first: Int, last: Int) -> [Model.State] {
    guard first > 0 else { return [search.model.initialState] }
    let all = search.states(before: 0...last)
    return Array(all.count <= 512 ? all : search.states(before: first...last))
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
    var search = Search(model: search.model, obligations: obligations, limit: Window.limit)
    if case .stuck = search.run(from: states) { return true }
    return false
  }

  /// From the oldest on; the last duty stays.
  private mutating func letGo(of states: [Model.State]) {
    guard duties.count <= 64 else { return }
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
    let these = duties.count == 1 ? "this operation" : "these \(duties.count) operations"
    var lines = ["\(key): no order explains \(these)\(whatItWas)."]
    lines += timeline.lines
    if chances.count > open.count {
      lines.append(
        "Nor do the \(chances.count - open.count) others help that may have happened at that time.")
    }
    return lines.joined(separator: "\n")
  }

  private var whatItWas: String {
    switch before.count {
    case 1: ", if it was \(before[0]) before"
    case 2...8: ", whether it was \(before.joined(separator: " or ")) before"
    default: ", whichever of \(before.count) states it was in before"
    }
  }
}
