public import AionCatalog
public import AionModel

/// A command that its proposer has encoded.
public struct Submission<Command: Sendable>: Sendable {
  public var command: Command
  /// `command` in its wire form, encoded on the caller's own thread.
  public var encoded: [UInt8]

  public init(_ command: Command, encoded: [UInt8]) {
    self.command = command
    self.encoded = encoded
  }
}

extension Submission<CommandBatch> {
  public init(_ batch: CommandBatch) { self.init(batch, encoded: batch.encoded()) }
}

/// Names a submission to the node that it was given to, and its reply to whoever gave it.
///
/// A number and not the waiting caller itself, so that the node knows nothing of callers and its
/// code is the same for a service and for a simulation.
@frozen
public struct SubmissionID: Identity {
  public var rawValue: UInt64

  @inlinable
  public init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// What became of a submission.
public struct Reply<Outcome: Sendable>: Sendable {
  public var id: SubmissionID
  public var outcome: Result<Outcome, ClusterError>

  public init(id: SubmissionID, outcome: Result<Outcome, ClusterError>) {
    self.id = id
    self.outcome = outcome
  }
}
