public import AionModel
public import AionNode

/// A few numbers under keys, and whom they were last changed by: the smallest state machine that
/// knows a repeated command. An example for those who bring their own.
public struct RegisterMachine: StateMachine {
  /// What a client asks for, under a number that it counts up.
  public struct Command: Hashable, Sendable {
    public var client: UInt64
    public var number: UInt64
    public var key: UInt64
    public var action: Action
  }

  /// What to do to a register.
  public enum Action: Hashable, Sendable {
    case put(UInt64)
    case add(UInt64)
    /// Puts the second value where the first one is.
    case exchange(UInt64, for: UInt64)
  }

  /// What the register held before.
  public struct Outcome: Hashable, Sendable {
    public var before: UInt64
    public var hasChanged: Bool
  }

  /// Who follows hears of every command but repetitions.
  public typealias Change = Command
  /// A value that is copied whole: there are few registers.
  public typealias View = Registers

  public private(set) var view = Registers()
  /// Whether the command that was applied last repeated an earlier one.
  private var wasRepeated = false

  public init() {}

  public init(_ view: Registers) { self.view = view }

  public mutating func apply(
    _ command: Command, at index: LogIndex
  ) -> Result<Outcome, ClusterError> {
    view.applied = index
    let last = view.sessions[command.client]
    wasRepeated = (last?.number ?? 0) >= command.number
    if let last, wasRepeated {
      // An older one cannot be asked about any more; nobody waits for it.
      return last.number == command.number ? .success(last.outcome) : .failure(.cancelled)
    }
    let before = view.values[command.key] ?? 0
    let after =
      switch command.action {
      case .put(let value): value
      case .add(let value): before &+ value
      case .exchange(let expected, let value): before == expected ? value : before
      }
    view.values[command.key] = after
    let outcome = Outcome(before: before, hasChanged: after != before)
    view.sessions[command.client] = Registers.Session(number: command.number, outcome: outcome)
    return .success(outcome)
  }

  public mutating func advance(to index: LogIndex) { view.applied = index }

  public func change(
    by command: Command, at index: LogIndex, to outcome: Result<Outcome, ClusterError>
  ) -> Command? {
    wasRepeated ? nil : command
  }
}

/// The registers as of one index.
public struct Registers: Hashable, Sendable {
  public internal(set) var applied = LogIndex.zero
  public internal(set) var values = SmallTable<UInt64>()
  /// Of each client its newest command.
  var sessions = SmallTable<Session>()

  struct Session: Hashable, Sendable {
    var number: UInt64
    var outcome: RegisterMachine.Outcome
  }

  /// What a client's newest command was numbered; 0 before its first.
  public func newestNumber(of client: UInt64) -> UInt64 { sessions[client]?.number ?? 0 }
}

/// A few values by ascending key.
public struct SmallTable<Value: Hashable & Sendable>: Hashable, Sendable {
  public private(set) var rows: [Row] = []

  /// A key with its value.
  public struct Row: Hashable, Sendable {
    public var key: UInt64
    public var value: Value
  }

  public subscript(key: UInt64) -> Value? {
    get { rows.first { $0.key == key }?.value }
    set {
      let place = rows.firstIndex { $0.key >= key } ?? rows.endIndex
      let isThere = place < rows.endIndex && rows[place].key == key
      switch (isThere, newValue) {
      case (true, let value?): rows[place].value = value
      case (true, nil): rows.remove(at: place)
      case (false, let value?): rows.insert(Row(key: key, value: value), at: place)
      case (false, nil): break
      }
    }
  }
}
