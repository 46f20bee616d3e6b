/// Puts the operations on one object in an order that its model allows, or proves that there is none.
///
/// Wing & Gong, "Testing and Verifying Concurrent Objects" (1993), as Lowe, "Testing for
/// Linearizability" (2017), improved it: a configuration is looked at once, and an operation takes
/// its turn only when one that returns cannot take its own without it. Each step stands before a
/// duty; the other operations in flight are tried before it, those first after which it can follow.
///
/// Three things keep the configurations few. A read takes its turn at once where it fits, since it
/// takes nothing away. Of two configurations that differ only in operations that nobody must do, the
/// one that has used fewer of them can do whatever the other can. And of two such operations of the
/// same effect the earlier one is used first.
struct Search<Model: SequentialModel> {
  enum Outcome: Equatable {
    /// Operations of the history in an order that explains every answer.
    case ordered([Int])
    /// No order lets this duty take its turn, nor any earlier one in its place.
    case stuck(at: Int)
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
    /// How long the order was before this frame.
    var ordered: Int
  }

  let model: Model
  let obligations: Obligations<Model.Effect>
  /// How many configurations may be looked at.
  let limit: Int

  private(set) var visited = 0
  private var deepest = 0
  private var stack: [Frame] = []
  private var order: [Int] = []
  private var seen: Set<Mark> = []
  private var seenUsing: [Mark: [[Int32]]] = [:]

  init(model: Model, obligations: Obligations<Model.Effect>, limit: Int) {
    self.model = model
    self.obligations = obligations
    self.limit = limit
  }

  mutating func run(from states: [Model.State]) -> Outcome {
    for state in states {
      order = []
      if arrive(at: 0, Configuration(state: state)) { return .ordered(order) }
      while !stack.isEmpty {
        guard visited <= limit else { return .exhausted }
        if advance() { return .ordered(order) }
      }
    }
    return .stuck(at: deepest)
  }

  /// Tries the next way from the topmost frame. True when all duties are done.
  private mutating func advance() -> Bool {
    let top = stack.count - 1
    let duty = stack[top].duty
    let configuration = stack[top].configuration
    order.removeSubrange(stack[top].ordered...)
    if stack[top].phase == 0 {
      stack[top].phase = 1
      guard let state = model.apply(obligations.duties[duty].effect, to: configuration.state) else {
        return false
      }
      order.append(obligations.duties[duty].operation)
      var next = configuration
      next.state = state
      return arrive(at: duty + 1, next)
    }
    while let candidate = nextCandidate(top) {
      guard let next = take(candidate, in: configuration, before: duty) else { continue }
      let leads = model.apply(obligations.duties[duty].effect, to: next.state) != nil
      guard leads == (stack[top].phase == 1) else { continue }
      order.append(operation(candidate))
      return arrive(at: duty, next)
    }
    stack.removeLast()
    return false
  }

  private enum Candidate { case duty(Int), chance(Int) }

  /// Each candidate comes up in two phases: where the duty can follow it at once, then elsewhere.
  private mutating func nextCandidate(_ top: Int) -> Candidate? {
    let duty = stack[top].duty
    let duties = obligations.concurrent[duty].count
    let all = duties + obligations.chancesBefore[duty]
    if stack[top].cursor == all {
      guard stack[top].phase == 1 else { return nil }
      stack[top].phase = 2
      stack[top].cursor = 0
      guard all > 0 else { return nil }
    }
    let cursor = stack[top].cursor
    stack[top].cursor += 1
    return cursor < duties
      ? .duty(Int(obligations.concurrent[duty][cursor])) : .chance(cursor - duties)
  }

  private func operation(_ candidate: Candidate) -> Int {
    switch candidate {
    case .duty(let place): obligations.duties[place].operation
    case .chance(let place): obligations.chances[place].operation
    }
  }

  private func take(
    _ candidate: Candidate, in configuration: Configuration, before duty: Int
  ) -> Configuration? {
    var next = configuration
    switch candidate {
    case .duty(let place):
      let other = obligations.duties[place]
      guard configuration.done & other.bit == 0,
        let state = model.apply(other.effect, to: configuration.state)
      else { return nil }
      next.state = state
      next.done |= other.bit
    case .chance(let place):
      let chance = obligations.chances[place]
      guard !configuration.hasUsed(place), chance.twin.map(configuration.hasUsed) ?? true,
        let state = model.apply(chance.effect, to: configuration.state),
        state != configuration.state
      else { return nil }
      next.state = state
      next.use(place)
    }
    return next
  }

  /// Stands the configuration before the next duty that is not done. True when there is none.
  private mutating func arrive(at duty: Int, _ configuration: Configuration) -> Bool {
    var duty = duty
    var configuration = configuration
    while duty < obligations.duties.count {
      takeReads(from: &configuration, before: duty)
      let bit = obligations.duties[duty].bit
      guard configuration.done & bit != 0 else { break }
      configuration.done &= ~bit
      duty += 1
    }
    deepest = max(deepest, duty)
    guard duty < obligations.duties.count else { return true }
    guard isNew(configuration, at: duty) else { return false }
    visited += 1
    stack.append(Frame(duty: duty, configuration: configuration, ordered: order.count))
    return false
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

  /// The states in which some configuration stood before these duties.
  func states(before duties: ClosedRange<Int>) -> Set<Model.State> {
    var states: Set<Model.State> = []
    for mark in seen where duties.contains(Int(mark.duty)) { states.insert(mark.state) }
    for mark in seenUsing.keys where duties.contains(Int(mark.duty)) { states.insert(mark.state) }
    return states
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
