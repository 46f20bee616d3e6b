package import AionModel
import Synchronization

/// A caller that waits for an answer from the node's thread.
///
/// It is answered exactly once: by the thread, or by its own cancellation. Whoever comes second
/// finds it answered and does nothing, so a cancelled caller disturbs nobody.
package final class Waiter<Value: Sendable>: Sendable {
  package typealias Answer = Result<Value, ClusterError>

  // Unsafe, because being checked costs an allocation for every write, and because this type is
  // itself the check: `isAnswered` lets nobody resume twice.
  //
  // Two fields and not an enum: answering then moves one reference, and not the whole answer.
  private struct State {
    var continuation: UnsafeContinuation<Answer, Never>?
    /// The answer, when it came before the wait began.
    var early: Answer?
    var isAnswered = false
  }

  private let state = Mutex(State())

  package init() {}

  /// Waits for the answer.
  ///
  /// - Parameter submit: Hands the waiter to whoever will answer it; runs once the wait has begun.
  /// - Throws: What the answer says, what `submit` throws, or `cancelled`.
  package func wait(
    submit: @Sendable (Waiter) throws(ClusterError) -> Void
  ) async throws(ClusterError) -> Value {
    let answer = await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        guard begin(continuation) else { return }
        do throws(ClusterError) { try submit(self) } catch { resume(.failure(error)) }
      }
    } onCancel: {
      resume(.failure(.cancelled))
    }
    return try answer.get()
  }

  package func resume(_ answer: Answer) {
    let continuation = state.withLock { state -> UnsafeContinuation<Answer, Never>? in
      if state.isAnswered { return nil }
      state.isAnswered = true
      if state.continuation == nil { state.early = answer }
      return state.continuation.take()
    }
    continuation?.resume(returning: answer)
  }

  /// Whether it has its answer, by whomever.
  package var isAnswered: Bool { state.withLock { $0.isAnswered } }

  /// - Returns: false when the caller was cancelled before it began to wait.
  private func begin(_ continuation: UnsafeContinuation<Answer, Never>) -> Bool {
    let early = state.withLock { state -> Answer? in
      guard let early = state.early else {
        state.continuation = continuation
        return nil
      }
      return early
    }
    guard let early else { return true }
    continuation.resume(returning: early)
    return false
  }
}
