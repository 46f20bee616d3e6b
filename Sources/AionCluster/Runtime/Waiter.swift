package import AionModel
import Synchronization

/// A caller that waits for an answer from the node's thread: a task, or whoever wants to be called.
///
/// It is answered exactly once: by the thread, or by its task's cancellation. Whoever comes second
/// finds it answered and does nothing, so a cancelled caller disturbs nobody.
package final class Waiter<Value: Sendable>: Sendable {
  package typealias Answer = Result<Value, ClusterError>

  // Unsafe, because being checked costs an allocation for every write, and because this type is
  // itself the check: `isAnswered` lets nobody resume twice.
  //
  // Two fields and not an enum: answering then moves one reference, and not the whole answer.
  private struct State {
    var continuation: UnsafeContinuation<Answer, Never>?
    var done: (@Sendable (Answer) -> Void)?
    /// The answer, when it came before the wait began.
    var early: Answer?
    var isAnswered = false
  }

  private typealias Receivers = (UnsafeContinuation<Answer, Never>?, (@Sendable (Answer) -> Void)?)

  private let state = Mutex(State())

  package init() {}

  /// A caller that is called, by whoever answers.
  package init(_ done: @escaping @Sendable (Answer) -> Void) {
    state.withLock { $0.done = done }
  }

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
    let (continuation, done) = state.withLock { state -> Receivers in
      if state.isAnswered { return (nil, nil) }
      state.isAnswered = true
      if state.continuation == nil, state.done == nil { state.early = answer }
      return (state.continuation.take(), state.done.take())
    }
    continuation?.resume(returning: answer)
    done?(answer)
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
