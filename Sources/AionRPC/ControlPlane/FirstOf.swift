import Synchronization

/// Waits for something that may come late: until it is there, the time is over, or the caller is
/// cancelled. What comes later is passed over.
final class FirstOf<Value: Sendable>: Sendable {
  private struct State {
    var waiting: CheckedContinuation<Value?, Never>?
    var value: Value??
  }

  private let state = Mutex(State())

  /// - Returns: nil when there is nothing yet.
  static func wait(
    atMost time: Duration, for work: @escaping @Sendable () async -> Value
  ) async -> Value? {
    let first = FirstOf()
    let working = Task { first.put(await work()) }
    let timer = Task {
      // Cancelled when there is a value; then this one comes second.
      try? await Task.sleep(for: time)
      first.put(nil)
    }
    defer { timer.cancel() }
    return await withTaskCancellationHandler {
      await first.value()
    } onCancel: {
      working.cancel()
      first.put(nil)
    }
  }

  private func value() async -> Value? {
    await withCheckedContinuation { continuation in
      let early = state.withLock { state -> Value?? in
        if state.value == nil { state.waiting = continuation }
        return state.value
      }
      if let early { continuation.resume(returning: early) }
    }
  }

  private func put(_ value: Value?) {
    let waiting = state.withLock { state -> CheckedContinuation<Value?, Never>? in
      guard state.value == nil else { return nil }
      state.value = .some(value)
      return state.waiting.take()
    }
    waiting?.resume(returning: value)
  }
}
