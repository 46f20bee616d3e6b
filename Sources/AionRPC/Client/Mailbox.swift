import Synchronization

/// What comes in answer to one request, until the caller takes it.
///
/// Filled by the event loop, emptied by the one task that asked. It holds no more than the credit
/// that was given, and the answer.
final class Mailbox: Sendable {
  enum Letter {
    case item([UInt8])
    case response(Response)
  }

  private struct State {
    var items: [[UInt8]] = []
    var response: Response?
    // Unsafe, because being checked costs an allocation for every request; whoever takes it out
    // resumes it, so nobody does twice.
    var waiting: UnsafeContinuation<Letter, Never>?

    mutating func takeLetter() -> Letter? {
      if !items.isEmpty { return .item(items.removeFirst()) }
      return response.map { .response($0) }
    }
  }

  private let state = Mutex(State())

  /// The next item, or the response once there are no more. The response stays: it comes again.
  func next() async -> Letter {
    await withUnsafeContinuation { continuation in
      let letter = state.withLock { state -> Letter? in
        if let letter = state.takeLetter() { return letter }
        state.waiting = continuation
        return nil
      }
      if let letter { continuation.resume(returning: letter) }
    }
  }

  func put(item: [UInt8]) {
    deliver { state in if state.response == nil { state.items.append(item) } }
  }

  /// The first response counts.
  func put(response: Response) {
    deliver { state in if state.response == nil { state.response = response } }
  }

  private func deliver(_ change: (inout State) -> Void) {
    let (waiting, letter) = state.withLock { state in
      change(&state)
      guard state.waiting != nil, let letter = state.takeLetter() else {
        return (nil as UnsafeContinuation<Letter, Never>?, nil as Letter?)
      }
      return (state.waiting.take(), letter)
    }
    if let waiting, let letter { waiting.resume(returning: letter) }
  }
}
