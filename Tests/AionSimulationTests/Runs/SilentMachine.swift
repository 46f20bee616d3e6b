import AionLog
import AionModel
import AionNode
import AionSimulation
import AionWire

/// Registers that tell nobody of what was put into them: a state machine with a mistake.
struct SilentMachine: StateMachine {
  private var registers: RegisterMachine

  init() { registers = RegisterMachine() }

  init(_ view: Registers) { registers = RegisterMachine(view) }

  static func decode(_ bytes: [UInt8]) throws(WireError) -> RegisterMachine.Command {
    try RegisterMachine.decode(bytes)
  }

  mutating func apply(
    _ command: RegisterMachine.Command, at index: LogIndex
  ) -> Result<RegisterMachine.Outcome, ClusterError> {
    registers.apply(command, at: index)
  }

  mutating func advance(to index: LogIndex) { registers.advance(to: index) }

  func change(
    by command: RegisterMachine.Command, at index: LogIndex,
    to outcome: Result<RegisterMachine.Outcome, ClusterError>
  ) -> RegisterMachine.Command? {
    if case .put = command.action { return nil }
    return registers.change(by: command, at: index, to: outcome)
  }

  var view: Registers { registers.view }

  static func summary(of view: Registers) -> StateSummary { RegisterMachine.summary(of: view) }

  static func encode(
    _ view: Registers, write: ([UInt8], Int) throws(LogFault) -> Void
  ) throws(LogFault) {
    try RegisterMachine.encode(view, write: write)
  }

  static func decode(
    at index: LogIndex, next: () throws(NodeFault) -> [UInt8]?
  ) throws(NodeFault) -> Registers {
    try RegisterMachine.decode(at: index, next: next)
  }
}

/// What clients of registers do, to another machine.
struct SilentWorkload: Workload {
  typealias Machine = SilentMachine

  static var name: String { "silent" }

  private var registers: RegisterWorkload

  init(seed: UInt64) { registers = RegisterWorkload(seed: seed) }

  mutating func next(
    for client: ClientID, at now: WallTime, _ chance: inout SplitMix64
  ) -> Request<RegisterMachine.Command, UInt64> {
    registers.next(for: client, at: now, &chance)
  }

  func answer(_ query: UInt64, from view: Registers) -> UInt64 {
    registers.answer(query, from: view)
  }

  mutating func note(
    _ operation: AionSimulation.Operation<RegisterMachine.Command, UInt64>,
    _ ending: Ending<RegisterMachine.Outcome, UInt64>
  ) -> Complaint? {
    registers.note(operation, ending)
  }

  func complaint(about view: Registers) -> String? { nil }

  mutating func finalComplaint(about view: Registers) -> Complaint? {
    registers.finalComplaint(about: view)
  }
}
