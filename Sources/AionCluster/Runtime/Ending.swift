import AionModel
import Synchronization

/// The moment at which a plane's files are closed, and those who wait for it.
package final class Ending: Sendable {
  private enum State {
    case ahead([CheckedContinuation<Void, Never>])
    case past
  }

  private let state = Mutex(State.ahead([]))

  package func wait() async {
    await withCheckedContinuation { continuation in
      let isPast = state.withLock { state -> Bool in
        guard case .ahead(let waiting) = state else { return true }
        state = .ahead(waiting + [continuation])
        return false
      }
      if isPast { continuation.resume() }
    }
  }

  func reach() {
    let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
      guard case .ahead(let waiting) = state else { return [] }
      state = .past
      return waiting
    }
    for continuation in waiting { continuation.resume() }
  }
}
