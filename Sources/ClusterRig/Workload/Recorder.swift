package import AionHistory
import AionModel
import Synchronization

/// Writes down what clients asked and were told, in the order in which it happened.
package final class Recorder: Sendable {
  private struct State {
    var events: [HistoryEvent] = []
    /// When writes were acknowledged, ascending.
    var acknowledged: [Duration] = []
  }

  private let start = ContinuousClock.now
  private let state = Mutex(State())

  package init() {}

  func record(
    _ client: Int, _ step: HistoryEvent.Step, _ operation: String, of key: String,
    at index: LogIndex? = nil
  ) {
    state.withLock { state in
      // The time is taken under the lock, so that it never falls.
      let elapsed = start.duration(to: .now)
      state.events.append(
        HistoryEvent(
          client: HistoryClient(UInt64(client)), step: step, operation: operation,
          key: HistoryKey(kind: "register", name: key), time: HistoryTime(elapsed.nanoseconds),
          index: index))
      if operation == "write", case .ok = step { state.acknowledged.append(elapsed) }
    }
  }

  package var events: [HistoryEvent] { state.withLock { $0.events } }

  /// The longest times in which no write was acknowledged, longest first.
  package var silences: [Duration] {
    let moments = state.withLock { $0.acknowledged }
    return zip(moments, moments.dropFirst()).map { $1 - $0 }.sorted(by: >)
  }
}

extension Duration {
  fileprivate var nanoseconds: UInt64 {
    UInt64(components.seconds) * 1_000_000_000 + UInt64(components.attoseconds / 1_000_000_000)
  }
}
