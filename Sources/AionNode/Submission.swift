public import AionCatalog
public import AionModel

/// A batch that its proposer has encoded, and whom to answer.
///
/// `Ticket` is the embedder's: a waiting task, a client's session, a number in a simulation.
public struct Submission<Ticket> {
  public var batch: CommandBatch
  /// `batch` in its wire form, encoded on the caller's own thread.
  public var encoded: [UInt8]
  public var ticket: Ticket

  public init(batch: CommandBatch, encoded: [UInt8], ticket: Ticket) {
    self.batch = batch
    self.encoded = encoded
    self.ticket = ticket
  }
}

extension Submission: Sendable where Ticket: Sendable {}

/// What became of a submission.
public struct Reply<Ticket> {
  public var ticket: Ticket
  public var outcome: Result<Applied, ClusterError>
}

extension Reply: Sendable where Ticket: Sendable {}

extension Reply {
  static func refusal(_ error: ClusterError, to ticket: Ticket) -> Reply {
    Reply(ticket: ticket, outcome: .failure(error))
  }
}
