public import AionModel
public import AionNode

/// What clients do in a world, to which state machine, and what they and it must never see.
///
/// Put your own state machine into the simulator by writing one (Docs/Simulation.md). The world
/// itself checks what holds for any state machine.
public protocol Workload: Sendable {
  associatedtype Machine: StateMachine
  /// What a read asks of a state.
  associatedtype Query: Sendable
  /// What a read is answered.
  associatedtype Answer: Sendable

  /// For the command line.
  static var name: String { get }

  /// - Parameter seed: For choices that are made once for a whole run.
  init(seed: UInt64)

  /// What a client does next; all of its earlier operations have ended, or were given up.
  mutating func next(
    for client: ClientID, at now: WallTime, _ chance: inout SplitMix64
  ) -> Request<Machine.Command, Query>

  /// What a read of a state is answered.
  func answer(_ query: Query, from view: Machine.View) -> Answer

  /// Takes note of how an operation ended.
  ///
  /// - Returns: What is wrong with that, if anything.
  mutating func note(
    _ operation: Operation<Machine.Command, Query>,
    _ ending: Ending<Machine.Outcome, Answer>
  ) -> Complaint?

  /// Takes note of what a command came to at a place in the log, whether a client hears of it or
  /// not; told once for each place, by the replica that applies it first.
  ///
  /// - Returns: What is wrong with that, if anything.
  mutating func note(
    _ command: Machine.Command, at index: LogIndex, _ result: Result<Machine.Outcome, ClusterError>
  ) -> Complaint?

  /// What is wrong with a state that was reached, if anything. Asked for every new state.
  func complaint(about view: Machine.View) -> String?

  /// What is wrong with the state that a healed world has come to rest in, if anything.
  mutating func finalComplaint(about view: Machine.View) -> Complaint?
}

extension Workload {
  public mutating func note(
    _ command: Machine.Command, at index: LogIndex, _ result: Result<Machine.Outcome, ClusterError>
  ) -> Complaint? { nil }
}

/// Something that a workload found wrong.
public struct Complaint: Hashable, Sendable {
  public var promise: Violation.Promise
  public var detail: String

  public init(_ promise: Violation.Promise, _ detail: String) {
    self.promise = promise
    self.detail = detail
  }
}

/// Names a client of a world, from 1.
@frozen
public struct ClientID: Identity {
  public var rawValue: UInt32

  @inlinable
  public init(rawValue: UInt32) { self.rawValue = rawValue }
}

/// What a client asks for.
public enum Request<Command: Sendable, Query: Sendable>: Sendable {
  /// - Parameter isRepeatable: Whether the state machine knows a repetition, so that the client may
  ///   ask again when it has heard nothing.
  case write(Command, encoded: [UInt8], isRepeatable: Bool)
  case read(Query)
}

/// A request with its moment.
public struct Operation<Command: Sendable, Query: Sendable>: Sendable {
  public var client: ClientID
  /// Counts the operations of a world, from 1.
  public var number: Int
  public var request: Request<Command, Query>
  public var invokedAt: Moment
  /// The highest place in the log that was committed by then.
  var floor: LogIndex
}

/// How an operation ended for its client.
public enum Ending<Outcome: Sendable, Answer: Sendable>: Sendable {
  /// It was applied at this place in the log, or refused there by the state machine.
  case applied(at: LogIndex, Result<Outcome, ClusterError>, Moment)
  /// The state up to this place answered.
  case answered(at: LogIndex, Answer, Moment)
  /// It was certainly not done, and will not be.
  case notDone
  /// The client stopped asking: it may have been done, may yet be, or may never be.
  case unknown
}
