/// Puts the operations on one object in an order that its model allows, or proves that there is
/// none.
///
/// Wing & Gong, "Testing and Verifying Concurrent Objects" (1993), as Lowe, "Testing for
/// Linearizability" (2017), improved it: a configuration is looked at once, and an operation takes
/// its turn only when one that returns cannot take its own without it. Each step stands before a
/// duty; the other operations in flight are tried before it, those first after which it can follow.
///
/// Three things keep the configurations few. A read takes its turn at once where it fits, since it
/// takes nothing away. Of two configurations that differ only in operations that nobody must do,
/// the one that has used fewer of them can do whatever the other can. And of two such operations of
/// the same effect the earlier one is used first.
struct Search<Model: SequentialModel> {
  enum Outcome: Equatable {
    /// Operations of the history in an order that explains every answer.
    case ordered([Int])
    /// No order lets this duty take its turn, nor any earlier one in its place.
    case stuck(at: Int)
    /// This duty has been the farthest for long; `run` goes on from there.
    case stalled(at: Int)
    case exhausted
  }

  struct Configuration: Hashable {
    var state: Model.State
    /// Which of the duties in flight have had their turn, by slot.
    var done: UInt128 = 0
    /// Which chances have been used, ascending.
    var used: [Int32] = []
  }

  private struct Mark: Hashable {
    var duty: Int32
    var done: UInt128
    var state: Model.State
  }

  private struct Frame {
    var duty: Int
    var configuration: Configuration
    var phase = 0
    var cursor = 0
    /// Whether something in flight cannot be in this state; found out when it matters.
    var isAvoided: Bool?
    /// How long the order was when the frame was new.
    var ordered: Int
  }

  private enum Candidate { case duty(Int), chance(Int) }

  let model: Model
  let obligations: Obligations<Model.Effect>
  /// How many configurations may be looked at.
  let limit: Int
  /// How many without coming farther before the search says that it has stalled.
  var patience = Int.max
  /// Without, it takes longer and gets stuck at the very duty that no order of those before it
  /// explains.
  var looksAhead = true

  private(set) var visited = 0
  private var visitedWhenDeepest = 0
  private var deepest = 0
  private var outlook: Outlook
  /// States to begin with, the next one last; and the one from which the search has begun.
  private var roots: [Model.State]
  private var root: Model.State?
  private var stack: [Frame] = []
  private var order: [Int] = []
  private var isOrdered = false
  private var seen: Set<Mark> = []
  private var seenUsing: [Mark: [[Int32]]] = [:]

  /// - Parameter states: What the object may be at the beginning.
  init(
    model: Model, obligations: Obligations<Model.Effect>, from states: [Model.State], limit: Int
  ) {
    self.model = model
    self.obligations = obligations
    self.limit = limit
    outlook = Outlook(obligations, model: model)
    roots = states.reversed()
  }

  mutating func run() -> Outcome {
    visitedWhenDeepest = visited
    while !isOrdered {
      guard !stack.isEmpty else {
        guard beginAnew() else { return outcome }
        continue
      }
      guard visited <= limit else { return .exhausted }
      guard visited - visitedWhenDeepest <= patience else { return .stalled(at: deepest) }
      advance()
    }
    return outcome
  }

  /// Of a search that has ended.
  var outcome: Outcome { isOrdered ? .ordered(order) : .stuck(at: deepest) }

  private mutating func beginAnew() -> Bool {
    if let root { outlook.end(with: model.mark(of: root)) }
    root = roots.popLast()
    guard let root else { return false }
    outlook.begin(with: model.mark(of: root))
    order = []
    arrive(at: 0, Configuration(state: root))
    return true
  }

  /// Tries the next way from the topmost frame.
  private mutating func advance() {
    let top = stack.count - 1
    let duty = stack[top].duty
    order.removeSubrange(stack[top].ordered...)
    if stack[top].phase == 0 {
      stack[top].phase = 1
      guard
        let state = step(
          obligations.duties[duty].effect, from: stack[top].configuration.state, duty)
      else { return }
      var next = stack[top].configuration
      next.state = state
      order.append(obligations.duties[duty].operation)
      arrive(at: duty + 1, next)
      return
    }
    while let candidate = nextCandidate(top) {
      guard let state = state(after: candidate, top) else { continue }
      let leads = model.apply(obligations.duties[duty].effect, to: state) != nil
      guard leads == (stack[top].phase == 1) else { continue }
      take(candidate, top, leadingTo: state)
      return
    }
    stack.removeLast()
  }

  /// Nil too when the object must not leave its state by then.
  private func step(_ effect: Model.Effect, from state: Model.State, _ duty: Int) -> Model.State? {
    guard let next = model.apply(effect, to: state) else { return nil }
    guard looksAhead, let mark = model.mark(of: state), model.mark(of: next) != mark,
      outlook.mustNotLeave(mark, at: obligations.duties[duty].returned)
    else { return next }
    return nil
  }

  /// Each candidate comes up in two phases: where the duty can follow it at once, then elsewhere.
  private mutating func nextCandidate(_ top: Int) -> Candidate? {
    let duty = stack[top].duty
    let duties = obligations.concurrent[duty].count
    let all = duties + obligations.chancesBefore[duty]
    if stack[top].cursor == all {
      guard stack[top].phase == 1, all > 0 else { return nil }
      stack[top].phase = 2
      stack[top].cursor = 0
    }
    let cursor = stack[top].cursor
    stack[top].cursor += 1
    return cursor < duties
      ? .duty(Int(obligations.concurrent[duty][cursor])) : .chance(cursor - duties)
  }

  private mutating func state(after candidate: Candidate, _ top: Int) -> Model.State? {
    let duty = stack[top].duty
    let need = stack[top].phase == 1 ? outlook.dutyNeeds[duty] : nil
    switch candidate {
    case .duty(let place):
      guard outlook.dutyChanges[place].mayLead(to: need),
        stack[top].configuration.done & obligations.duties[place].bit == 0
      else { return nil }
      return step(obligations.duties[place].effect, from: stack[top].configuration.state, duty)
    case .chance(let place):
      guard outlook.chanceChanges[place].mayLead(to: need),
        !stack[top].configuration.hasUsed(place)
      else { return nil }
      let chance = obligations.chances[place]
      if let twin = chance.twin, !stack[top].configuration.hasUsed(twin) { return nil }
      let before = stack[top].configuration.state
      guard mayHelp(outlook.chanceChanges[place], top) else { return nil }
      let state = step(chance.effect, from: before, duty)
      return state == before ? nil : state
    }
  }

  /// A chance is of use when something needs what it brings about, or cannot be while it is not
  /// used.
  private mutating func mayHelp(_ change: MarkChange, _ top: Int) -> Bool {
    guard case .to(let mark) = change, !outlook.isNeeded(mark, from: stack[top].duty),
      let own = model.mark(of: stack[top].configuration.state)
    else { return true }
    if let known = stack[top].isAvoided { return known }
    let isAvoided = isAvoided(own, before: stack[top].duty)
    stack[top].isAvoided = isAvoided
    return isAvoided
  }

  private func isAvoided(_ mark: Int64, before duty: Int) -> Bool {
    model.avoids(mark, obligations.duties[duty].effect)
      || obligations.concurrent[duty].contains { other in
        model.avoids(mark, obligations.duties[Int(other)].effect)
      }
      || obligations.chances[..<obligations.chancesBefore[duty]].contains { chance in
        model.avoids(mark, chance.effect)
      }
  }

  private mutating func take(_ candidate: Candidate, _ top: Int, leadingTo state: Model.State) {
    var next = stack[top].configuration
    next.state = state
    switch candidate {
    case .duty(let place):
      next.done |= obligations.duties[place].bit
      order.append(obligations.duties[place].operation)
    case .chance(let place):
      next.use(place)
      order.append(obligations.chances[place].operation)
    }
    arrive(at: stack[top].duty, next)
  }

  /// Stands the configuration before the next duty that is not done.
  private mutating func arrive(at duty: Int, _ configuration: Configuration) {
    var duty = duty
    var configuration = configuration
    while duty < obligations.duties.count {
      takeReads(from: &configuration, before: duty)
      let bit = obligations.duties[duty].bit
      guard configuration.done & bit != 0 else { break }
      configuration.done &= ~bit
      duty += 1
    }
    if duty > deepest {
      deepest = duty
      visitedWhenDeepest = visited
    }
    guard duty < obligations.duties.count else {
      isOrdered = true
      return
    }
    guard isNew(configuration, at: duty), mayGoOn(configuration, at: duty) else { return }
    visited += 1
    stack.append(Frame(duty: duty, configuration: configuration, ordered: order.count))
  }

  private mutating func takeReads(from configuration: inout Configuration, before duty: Int) {
    take(duty, ifReadOf: &configuration)
    for other in obligations.concurrent[duty] { take(Int(other), ifReadOf: &configuration) }
  }

  private mutating func take(_ place: Int, ifReadOf configuration: inout Configuration) {
    let duty = obligations.duties[place]
    guard duty.isRead, configuration.done & duty.bit == 0,
      model.apply(duty.effect, to: configuration.state) == configuration.state
    else { return }
    configuration.done |= duty.bit
    order.append(duty.operation)
  }

  private mutating func isNew(_ configuration: Configuration, at duty: Int) -> Bool {
    let mark = Mark(duty: Int32(duty), done: configuration.done, state: configuration.state)
    if seen.contains(mark) { return false }
    if configuration.used.isEmpty {
      seen.insert(mark)
      return true
    }
    let others = seenUsing[mark, default: []]
    if others.contains(where: { $0.isSubset(of: configuration.used) }) { return false }
    seenUsing[mark] = others.filter { !configuration.used.isSubset(of: $0) } + [configuration.used]
    return true
  }

  /// Whether what the next needy duty needs can still come.
  private func mayGoOn(_ configuration: Configuration, at duty: Int) -> Bool {
    let needy = outlook.nextNeed[duty]
    guard needy == duty || looksAhead, needy < obligations.duties.count,
      let need = outlook.dutyNeeds[needy]
    else { return true }
    let isDone =
      obligations.duties[needy].invoked < obligations.duties[duty].returned
      && configuration.done & obligations.duties[needy].bit != 0
    guard !isDone else { return true }
    guard model.canReach(need, from: configuration.state) else { return false }
    guard let mark = model.mark(of: configuration.state), mark != need else { return true }
    guard needy == duty else { return outlook.hasSource(need) }
    return obligations.concurrent[duty].contains { other in
      outlook.dutyChanges[Int(other)].mayLead(to: need)
        && configuration.done & obligations.duties[Int(other)].bit == 0
    } || hasChance(of: need, configuration, at: duty)
  }

  private func hasChance(
    of mark: Int64, _ configuration: Configuration, at duty: Int
  ) -> Bool {
    guard let chances = outlook.chances(leadingTo: mark) else { return true }
    return chances.contains { chance in
      chance < obligations.chancesBefore[duty] && !configuration.hasUsed(chance)
    }
  }

  /// What the object can have been at some time, as far as the model knows without a search.
  var everyState: [Model.State]? {
    let initial = model.mark(of: model.initialState)
    return model.everyState?.filter { state in
      guard let mark = model.mark(of: state) else { return true }
      return mark == initial || outlook.hasSource(mark)
    }
  }

  /// The states in which some configuration stood before these duties.
  func states(before duties: ClosedRange<Int>) -> Set<Model.State> {
    var states: Set<Model.State> = []
    for mark in seen where duties.contains(Int(mark.duty)) { states.insert(mark.state) }
    for mark in seenUsing.keys where duties.contains(Int(mark.duty)) { states.insert(mark.state) }
    return states
  }
}

extension MarkChange {
  /// Whether it may have that mark as its end; any will do where none is asked for.
  fileprivate func mayLead(to mark: Int64?) -> Bool {
    guard let mark else { return true }
    switch self {
    case .none: return false
    case .to(let own): return own == mark
    case .unknown: return true
    }
  }
}

extension Obligations.Duty {
  var bit: UInt128 { 1 << UInt128(slot) }
}

extension Search.Configuration {
  fileprivate func hasUsed(_ chance: Int) -> Bool {
    let place = place(of: chance)
    return place < used.count && used[place] == chance
  }

  fileprivate mutating func use(_ chance: Int) { used.insert(Int32(chance), at: place(of: chance)) }

  private func place(of chance: Int) -> Int {
    var range = 0..<used.count
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      range = used[middle] < chance ? middle + 1..<range.upperBound : range.lowerBound..<middle
    }
    return range.lowerBound
  }
}

extension [Int32] {
  /// Both ascending.
  fileprivate func isSubset(of other: [Int32]) -> Bool {
    guard count <= other.count else { return false }
    var rest = other[...]
    for element in self {
      guard let place = rest.firstIndex(of: element) else { return false }
      rest = rest[(place + 1)...]
    }
    return true
  }
}
