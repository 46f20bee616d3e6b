import AionCatalog
import AionModel
import AionNode

extension SubmissionQueue<Submission<CommandBatch>, Waiter<Applied>, NodeRequest> {
  /// - Throws: What the node answers; `limitExceeded`, `busy`, `closed`, `cancelled`.
  func propose(_ submission: Submission<CommandBatch>) async throws(ClusterError) -> Applied {
    try await Waiter<Applied>().wait { waiter throws(ClusterError) in
      try self.propose(submission, from: waiter)
    }
  }

  /// - Throws: `limitExceeded`, `busy`, `closed`; all else the caller is told.
  func propose(
    _ submission: Submission<CommandBatch>, from caller: Waiter<Applied>
  ) throws(ClusterError) {
    let (length, limit) = (submission.encoded.count, Limits.commandBatchLength.bytes)
    guard length <= limit else {
      throw .limitExceeded(.commandBatchLength, asked: length, allowed: limit)
    }
    try submit(submission, from: caller)
  }

  /// - Throws: What the node answers; `closed`, `cancelled`.
  func ask<Answer: Sendable>(
    _ request: @Sendable (Waiter<Answer>) -> NodeRequest
  ) async throws(ClusterError) -> Answer {
    try await Waiter<Answer>().wait { waiter throws(ClusterError) in
      try self.submit(request(waiter))
    }
  }
}
