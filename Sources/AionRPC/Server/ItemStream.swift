import AionModel
import Synchronization

/// The answers that come before the last one. The client says how many it takes; a service that has
/// more waits, so a slow client costs nothing but its own time.
public final class ItemStream: Sendable {
  private struct State {
    var credit: Int
    var waiting: CheckedContinuation<Bool, Never>?
    var isEnded = false
  }

  private let outbox: Outbox
  private let exchange: ExchangeID
  private let state: Mutex<State>

  init(outbox: Outbox, exchange: ExchangeID, credit: Int) {
    self.outbox = outbox
    self.exchange = exchange
    state = Mutex(State(credit: credit))
  }

  /// Sends one item, once the client takes one. Called by one task at a time.
  ///
  /// - Returns: false when nobody waits for items any more.
  public func send(_ payload: [UInt8]) async -> Bool {
    guard await takeCredit() else { return false }
    return outbox.send(Frame(.item, exchange: exchange, payload: payload))
  }

  private func takeCredit() async -> Bool {
    await withCheckedContinuation { continuation in
      let answer = state.withLock { state -> Bool? in
        if state.isEnded { return false }
        guard state.credit > 0 else {
          state.waiting = continuation
          return nil
        }
        state.credit -= 1
        return true
      }
      if let answer { continuation.resume(returning: answer) }
    }
  }

  func add(credit: Int) {
    let waiting = state.withLock { state -> CheckedContinuation<Bool, Never>? in
      // No client needs more at a time; a larger sum would only be a way to overflow it.
      state.credit = min(state.credit + max(0, credit), 1 << 20)
      guard state.credit > 0, let waiting = state.waiting.take() else { return nil }
      state.credit -= 1
      return waiting
    }
    waiting?.resume(returning: true)
  }

  func end() {
    let waiting = state.withLock { state -> CheckedContinuation<Bool, Never>? in
      state.isEnded = true
      return state.waiting.take()
    }
    waiting?.resume(returning: false)
  }
}
