/// What the operations that are still to come ask of a state: known before the search, since a
/// history is judged when it is over.
struct Outlook {
  /// For each duty and each chance: the mark that it needs, and where it leads.
  private(set) var dutyNeeds: [Int64?]
  private(set) var dutyChanges: [MarkChange]
  private(set) var chanceChanges: [MarkChange]
  /// For each duty: the next one, itself included, that needs a mark.
  private(set) var nextNeed: [Int]

  /// When what needs a mark is invoked, ascending.
  private var needs: [Int64: [Int]] = [:]
  private var lastNeed: [Int64: Int] = [:]
  private var neededByChances: Set<Int64> = []
  private var sources: [Int64: Int] = [:]
  private var chances: [Int64: [Int]] = [:]
  private var hasUnknown = false

  init<Model: SequentialModel>(_ obligations: Obligations<Model.Effect>, model: Model) {
    dutyNeeds = obligations.duties.map { model.needs($0.effect) }
    dutyChanges = obligations.duties.map { model.changes($0.effect) }
    chanceChanges = obligations.chances.map { model.changes($0.effect) }
    nextNeed = Array(repeating: dutyNeeds.count, count: dutyNeeds.count + 1)
    for (place, need) in dutyNeeds.enumerated().reversed() {
      nextNeed[place] = need == nil ? nextNeed[place + 1] : place
    }
    for (place, need) in dutyNeeds.enumerated() {
      guard let need else { continue }
      needs[need, default: []].append(obligations.duties[place].invoked)
      lastNeed[need] = place
    }
    neededByChances = Set(obligations.chances.compactMap { model.needs($0.effect) })
    for mark in needs.keys { needs[mark]?.sort() }
    for change in dutyChanges + chanceChanges {
      switch change {
      case .none: break
      case .to(let mark): sources[mark, default: 0] += 1
      case .unknown: hasUnknown = true
      }
    }
    for (place, change) in chanceChanges.enumerated() {
      if case .to(let mark) = change { chances[mark, default: []].append(place) }
    }
  }

  /// The object had this mark at the beginning.
  mutating func begin(with mark: Int64?) {
    if let mark { sources[mark, default: 0] += 1 }
  }

  mutating func end(with mark: Int64?) {
    if let mark { sources[mark, default: 0] -= 1 }
  }

  /// Whether anything can have brought the mark about.
  func hasSource(_ mark: Int64) -> Bool { hasUnknown || sources[mark, default: 0] > 0 }

  /// How far ahead is looked, in events of the history. A contradiction is then never farther
  /// behind the place where a search gets stuck.
  static let horizon = 128

  /// Whether nothing can bring the mark back, and something that is invoked soon after the time
  /// needs it.
  func mustNotLeave(_ mark: Int64, at time: Int) -> Bool {
    guard !hasUnknown, sources[mark] == 1, let needs = needs[mark] else { return false }
    var range = 0..<needs.count
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      range = needs[middle] <= time ? middle + 1..<range.upperBound : range.lowerBound..<middle
    }
    let next = range.lowerBound
    return next < needs.count && needs[next] <= time + Outlook.horizon
  }

  /// Whether this duty or one behind it needs the mark, or a chance can use it.
  func isNeeded(_ mark: Int64, from duty: Int) -> Bool {
    lastNeed[mark] ?? -1 >= duty || neededByChances.contains(mark)
  }

  /// Chances that lead to the mark, by their invocation; nil when any chance may.
  func chances(leadingTo mark: Int64) -> [Int]? { hasUnknown ? nil : chances[mark] ?? [] }
}
