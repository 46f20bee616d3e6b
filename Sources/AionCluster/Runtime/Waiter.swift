package import AionModel
import Synchronization

/// A caller that waits for an answer from the node's thread.
///
/// It is answered exactly once: by the thread, or by its own cancellation. Whoever comes second
/// finds it answered and does nothing, so a cancelled caller disturbs nobody.
package final class Waiter<Value: Sendable>: Sendable {
  package typealias Answer = Result<Value, ClusterError>

  private enum State {
    case fresh
    case waiting(CheckedContinuation<Answer, Never>)
    case answered(Answer)
  }

  private let state = Mutex(State.fresh)

  package init() {}

  /// Waits for the answer.
  ///
  /// - Parameter submit: Hands the waiter to whoever will answer it; runs once the wait has begun.
  /// - Throws: What the answer says, what `submit` throws, or `cancelled`.
  package func wait(
    submit: @Sendable (Waiter) throws(ClusterError) -> Void
  ) async throws(ClusterError) -> Value {
    let answer = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        guard begin(continuation) else { return }
        do throws(ClusterError) { try submit(self) } catch { resume(.failure(error)) }
      }
    } onCancel: {
      resume(.failure(.cancelled))
    }
    return try answer.get()
  }

  package func resume(_ answer: Answer) {
    let continuation = state.withLock { state -> CheckedContinuation<Answer, Never>? in
      switch state {
      case .fresh:
        state = .answered(answer)
        return nil
      case .waiting(let continuation):
        state = .answered(answer)
        return continuation
      case .answered:
        return nil
      }
    }
    continuation?.resume(returning: answer)
  }

  /// Whether it has its answer, by whomever.
  package var isAnswered: Bool {
    state.withLock { state in
      if case .answered = state { true } else { false }
    }
  }

  /// - Returns: false when the caller was cancelled before it began to wait.
  private func begin(_ continuation: CheckedContinuation<Answer, Never>) -> Bool {
    let early = state.withLock { state -> Answer? in
      if case .answered(let answer) = state { return answer }
      state = .waiting(continuation)
      return nil
    }
    guard let early else { return true }
    continuation.resume(returning: early)
    return false
  }
}
