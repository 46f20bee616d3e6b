package import AionModel
import Dispatch
import Synchronization

/// What waits for the node's thread: filled by any task, emptied whole by that one thread.
///
/// Draining it before each sync *is* group commit: what arrives while a sync runs forms the next
/// batch. It holds at most `limit` bounded elements and refuses more.
package final class SubmissionQueue<Element: Sendable>: Sendable {
  private struct State: Sendable {
    var waiting: [Element] = []
    var boundedCount = 0
    var isClosed = false
    var isConsumerParked = false

    /// Whether the consumer sleeps; the one who asks must wake it.
    mutating func takeWake() -> Bool {
      defer { isConsumerParked = false }
      return isConsumerParked
    }
  }

  private let state: Mutex<State>
  private let wake = DispatchSemaphore(value: 0)
  private let limit: Int

  /// How often the consumer looks again before it parks. A lone writer that comes back at once then
  /// finds it awake and saves a wake-up through the kernel (Docs/Decisions/0003).
  private static var looksBeforeParking: Int { 2_000 }

  package init(limit: Int) {
    self.limit = limit
    state = Mutex(State())
  }

  /// Adds an element that counts against the limit.
  ///
  /// - Throws: `busy` when the limit is reached, `closed` after `close`.
  package func submit(_ element: Element) throws(ClusterError) {
    let refusal = append(element) { (state) -> ClusterError? in
      guard state.boundedCount < limit else { return .busy(.queueFull(limit: limit)) }
      state.boundedCount += 1
      return nil
    }
    if let refusal { throw refusal }
  }

  /// Adds an element that must get through when the queue is full: the outcome of background work.
  ///
  /// - Throws: `closed` after `close`.
  package func submitUnbounded(_ element: Element) throws(ClusterError) {
    if let refusal = append(element, admitting: { _ in nil }) { throw refusal }
  }

  /// Refuses everything from now on; what was accepted is still drained.
  package func close() {
    let mustWake = state.withLock { state in
      state.isClosed = true
      return state.takeWake()
    }
    if mustWake { wake.signal() }
  }

  package var count: Int { state.withLock { $0.waiting.count } }

  /// Swaps everything that waits into `elements`, blocking while there is nothing.
  ///
  /// - Returns: false when the queue is closed and empty: nothing will come any more.
  package func drain(into elements: inout [Element]) -> Bool {
    elements.removeAll(keepingCapacity: true)
    for _ in 0..<Self.looksBeforeParking {
      if take(into: &elements, parking: false) { return !elements.isEmpty }
    }
    while !take(into: &elements, parking: true) { wake.wait() }
    return !elements.isEmpty
  }

  /// - Returns: whether there was something, or there will be nothing any more.
  private func take(into elements: inout [Element], parking: Bool) -> Bool {
    state.withLock { state in
      guard state.waiting.isEmpty else {
        swap(&elements, &state.waiting)
        state.boundedCount = 0
        return true
      }
      if parking { state.isConsumerParked = !state.isClosed }
      return state.isClosed
    }
  }

  private func append(
    _ element: Element, admitting admission: (inout State) -> ClusterError?
  ) -> ClusterError? {
    let (refusal, mustWake) = state.withLock { state -> (ClusterError?, Bool) in
      if state.isClosed { return (.closed, false) }
      if let refusal = admission(&state) { return (refusal, false) }
      state.waiting.append(element)
      return (nil, state.takeWake())
    }
    if mustWake { wake.signal() }
    return refusal
  }
}
