import AionCatalog
import AionModel
import AionNode

extension SubmissionQueue<Submission<CommandBatch>, Waiter<Applied>, NodeRequest> {
  /// - Throws: What the node answers; `limitExceeded`, `busy`, `closed`, `cancelled`.
  func propose(_ submission: Submission<CommandBatch>) async throws(ClusterError) -> Applied {
    let (length, limit) = (submission.encoded.count, Limits.commandBatchLength.bytes)
    guard length <= limit else {
      throw .limitExceeded(.commandBatchLength, asked: length, allowed: limit)
    }
    return try await Waiter<Applied>().wait { waiter throws(ClusterError) in
      try self.submit(submission, from: waiter)
    }
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
