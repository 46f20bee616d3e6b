/// A value with the version of its newest change, such as a shard's placement with its epoch:
/// `read` → `[v, version]`, `write v` → version, `cas [expected value, v]` → version or false,
/// `cas-version [expected version, v]` → version or false. Versions rise.
///
/// A write that changes nothing may keep the version.
public struct VersionedRegisterModel: SequentialModel {
  /// The value, by number, with what is known of its version.
  public struct State: Hashable, Sendable {
    var value: Int32
    /// The version, or the least that it can be while nobody has seen it.
    var version: Int64
    var isExact: Bool
  }

  /// One operation with what is known of its answer.
  public struct Effect: Hashable, Sendable {
    enum Guard: Hashable, Sendable { case none, value(Int32), version(Int64) }

    enum Call: Hashable, Sendable {
      case read
      case write(Int32, Guard)
    }

    enum Answer: Hashable, Sendable {
      case unknown
      case mismatch
      case version(Int64)
      case read(Int32, Int64)
    }

    var call: Call
    var answer: Answer
  }

  private var values = Interner<HistoryValue>()
  public private(set) var initialState: State

  /// - Parameters:
  ///   - initial: The value before the first write.
  ///   - version: Its version.
  public init(initial: HistoryValue = .nothing, version: Int64 = 0) {
    initialState = State(value: values.number(of: initial), version: version, isExact: true)
  }

  public mutating func effect(of operation: HistoryOperation) throws(HistoryFault) -> Effect {
    switch (operation.operation, operation.argument) {
    case ("read", .nothing): return Effect(call: .read, answer: try seen(by: operation))
    case ("write", let value):
      return Effect(
        call: .write(values.number(of: value), .none), answer: try outcome(of: operation))
    case ("cas", .list(let pair)) where pair.count == 2:
      let expected = values.number(of: pair[0])
      return Effect(
        call: .write(values.number(of: pair[1]), .value(expected)),
        answer: try outcome(of: operation))
    case ("cas-version", .list(let pair)) where pair.count == 2:
      guard case .number(let version) = pair[0] else { throw operation.unfit }
      return Effect(
        call: .write(values.number(of: pair[1]), .version(version)),
        answer: try outcome(of: operation))
    default: throw operation.unfit
    }
  }

  private mutating func seen(
    by operation: HistoryOperation
  ) throws(HistoryFault) -> Effect.Answer {
    guard let answer = operation.answer else { return .unknown }
    guard case .list(let pair) = answer, pair.count == 2, case .number(let version) = pair[1] else {
      throw operation.unfit
    }
    return .read(values.number(of: pair[0]), version)
  }

  private func outcome(of operation: HistoryOperation) throws(HistoryFault) -> Effect.Answer {
    switch operation.answer {
    case nil: return .unknown
    case .number(let version): return .version(version)
    case .flag(false) where operation.operation != "write": return .mismatch
    default: throw operation.unfit
    }
  }

  public func apply(_ effect: Effect, to state: State) -> State? {
    switch effect.call {
    case .read: read(effect.answer, state)
    case .write(let value, let expected):
      switch effect.answer {
      case .mismatch: mismatch(expected, state)
      case .version(let version): write(value, expected, at: version, state)
      case .unknown, .read: attempt(value, expected, state)
      }
    }
  }

  private func read(_ answer: Effect.Answer, _ state: State) -> State? {
    guard case .read(let value, let version) = answer else { return state }
    return value == state.value ? state.known(as: version) : nil
  }

  private func write(
    _ value: Int32, _ expected: Effect.Guard, at version: Int64, _ state: State
  ) -> State? {
    guard let before = meets(expected, state) else { return nil }
    if value == before.value, let same = before.known(as: version) { return same }
    guard version > before.version else { return nil }
    return State(value: value, version: version, isExact: true)
  }

  private func attempt(_ value: Int32, _ expected: Effect.Guard, _ state: State) -> State {
    guard let before = meets(expected, state) else { return state }
    let step: Int64 = value == before.value ? 0 : 1
    return State(value: value, version: before.version + step, isExact: false)
  }

  private func mismatch(_ expected: Effect.Guard, _ state: State) -> State? {
    switch expected {
    case .none: nil
    case .value(let value): value == state.value ? nil : state
    case .version(let version): state.isExact && version == state.version ? nil : state
    }
  }

  /// The state, as narrow as the guard's success makes it.
  private func meets(_ expected: Effect.Guard, _ state: State) -> State? {
    switch expected {
    case .none: state
    case .value(let value): value == state.value ? state : nil
    case .version(let version): state.known(as: version)
    }
  }

  public func isRead(_ effect: Effect) -> Bool {
    effect.call == .read || effect.answer == .mismatch
  }

  public func mark(of state: State) -> Int64? { Int64(state.value) }

  public func needs(_ effect: Effect) -> Int64? {
    switch (effect.call, effect.answer) {
    case (.read, .read(let value, _)): Int64(value)
    case (.write(_, .value(let expected)), .version),
      (.write(_, .value(let expected)), .unknown):
      Int64(expected)
    case (.read, _), (.write, _): nil
    }
  }

  public func avoids(_ mark: Int64, _ effect: Effect) -> Bool {
    guard case .write(_, let expected) = effect.call else { return false }
    switch expected {
    case .none: return false
    case .value(let value): return effect.answer == .mismatch && Int64(value) == mark
    case .version: return true
    }
  }

  public func changes(_ effect: Effect) -> MarkChange {
    guard case .write(let value, _) = effect.call, effect.answer != .mismatch else { return .none }
    return .to(Int64(value))
  }

  public var everyState: [State]? {
    values.values.indices.map { State(value: Int32($0), version: .min, isExact: false) }
  }

  public func describe(_ state: State) -> String {
    "\(values[state.value]) at version \(state.isExact ? "" : "≥ ")\(state.version)"
  }
}

extension VersionedRegisterModel.State {
  fileprivate func known(as version: Int64) -> Self? {
    guard isExact ? version == self.version : version >= self.version else { return nil }
    return Self(value: value, version: version, isExact: true)
  }
}
