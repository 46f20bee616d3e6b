package import AionHistory
import AionModel
import Synchronization

/// Writes down what clients asked and were told, in the order in which it happened.
package final class Recorder: Sendable {
  private struct State {
    var events: [HistoryEvent] = []
    /// When writes were acknowledged, ascending.
    var acknowledged: [Duration] = []
    /// Why clients were not answered, and how often.
    var complaints: [String: Int] = [:]
    var isClosed = false
  }

  private let start = ContinuousClock.now

  /// How long it has been writing down.
  package var now: Duration { start.duration(to: .now) }

  private let state = Mutex(State())

  package init() {}

  func record(
    _ client: Int, _ step: HistoryEvent.Step, _ operation: String, of key: String,
    at index: LogIndex? = nil
  ) {
    state.withLock { state in
      // The time is taken under the lock, so that it never falls.
      let elapsed = now
      state.events.append(
        HistoryEvent(
          client: HistoryClient(UInt64(client)), step: step, operation: operation,
          key: HistoryKey(kind: "register", name: key), time: HistoryTime(elapsed.nanoseconds),
          index: index))
      if operation == "write", case .ok = step { state.acknowledged.append(elapsed) }
    }
  }

  /// An operation of which its client does not know what became of it.
  func record(
    _ client: Int, unknown operation: String, of key: String, because error: ClusterError
  ) {
    record(client, .info, operation, of: key)
    state.withLock { $0.complaints["\(operation): \(error.message)", default: 0] += 1 }
  }

  package var complaints: [String: Int] { state.withLock { $0.complaints } }

  /// Clients ask nothing new.
  package func close() { state.withLock { $0.isClosed = true } }

  package var isClosed: Bool { state.withLock { $0.isClosed } }

  package var events: [HistoryEvent] { state.withLock { $0.events } }

  /// How many writes were acknowledged so far.
  package var acknowledged: Int { state.withLock { $0.acknowledged.count } }

  /// Waits until so many writes more were acknowledged.
  package func wait(
    forWrites count: Int, _ patience: Duration = .seconds(60)
  ) async throws(RigFailure) {
    let goal = acknowledged + count
    let deadline = ContinuousClock.now + patience
    while acknowledged < goal {
      guard ContinuousClock.now < deadline, !Task.isCancelled else {
        throw .impatient("\(count) writes", seen: "\(goal - acknowledged) are missing")
      }
      try? await Task.sleep(for: .milliseconds(10))
    }
  }

  /// The times in which no write was acknowledged, longest first.
  package var silences: [Duration] {
    let moments = state.withLock { $0.acknowledged }
    return zip(moments, moments.dropFirst()).map { $1 - $0 }.sorted(by: >)
  }

  /// The longest time without an acknowledged write of those that reach into a range.
  func longestSilence(in range: Range<Duration>) -> Duration {
    let moments = state.withLock { $0.acknowledged }
    let inside = moments.partitioningIndex { $0 >= range.lowerBound }
    let outside = moments.partitioningIndex { $0 >= range.upperBound }
    let from = max(0, inside - 1)
    let through = min(moments.count, outside + 1)
    let near = moments[from..<through]
    return zip(near, near.dropFirst()).map { $1 - $0 }.max() ?? .zero
  }
}

extension [Duration] {
  /// The first place from which on it holds, in an array in which it holds from somewhere on.
  fileprivate func partitioningIndex(where holds: (Duration) -> Bool) -> Int {
    var range = indices
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      range = holds(self[middle]) ? range.lowerBound..<middle : middle + 1..<range.upperBound
    }
    return range.lowerBound
  }
}

extension Duration {
  fileprivate var nanoseconds: UInt64 {
    UInt64(components.seconds) * 1_000_000_000 + UInt64(components.attoseconds / 1_000_000_000)
  }
}
