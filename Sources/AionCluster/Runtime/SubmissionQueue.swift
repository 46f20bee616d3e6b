package import AionModel
import Dispatch
import Synchronization

/// What waits for the node's thread: filled by any task, emptied whole by that one thread.
///
/// Draining it before each sync *is* group commit: what arrives while a sync runs forms the next
/// batch. It holds at most `limit` writes and refuses more; requests always get through, the
/// outcome of background work among them.
package final class SubmissionQueue<Write: Sendable, Caller: Sendable, Request: Sendable>:
  Sendable
{
  /// What was drained; the callers stand beside the writes, in the same order.
  package struct Contents: Sendable {
    package var writes: [Write] = []
    package var callers: [Caller] = []
    package var requests: [Request] = []

    package init() {}

    package var isEmpty: Bool { writes.isEmpty && requests.isEmpty }

    fileprivate mutating func removeAll() {
      writes.removeAll(keepingCapacity: true)
      callers.removeAll(keepingCapacity: true)
      requests.removeAll(keepingCapacity: true)
    }
  }

  private struct State: Sendable {
    var contents = Contents()
    var isClosed = false
    var isConsumerParked = false

    /// Whether the consumer sleeps; the one who asks must wake it.
    mutating func takeWake() -> Bool {
      defer { isConsumerParked = false }
      return isConsumerParked
    }
  }

  private let state = Mutex(State())
  private let wake = DispatchSemaphore(value: 0)
  private let limit: Int

  package init(limit: Int) { self.limit = limit }

  /// Writes that wait.
  package var count: Int { state.withLock { $0.contents.writes.count } }
}

// MARK: Filling

extension SubmissionQueue {
  /// - Throws: `busy` when the limit is reached, `closed` after `close`.
  package func submit(_ write: Write, from caller: Caller) throws(ClusterError) {
    try append { (state) throws(ClusterError) in
      guard state.contents.writes.count < limit else { throw .busy(.queueFull(limit: limit)) }
      state.contents.writes.append(write)
      state.contents.callers.append(caller)
    }
  }

  /// - Throws: `closed` after `close`.
  package func submit(_ request: Request) throws(ClusterError) {
    try append { (state) throws(ClusterError) in state.contents.requests.append(request) }
  }

  /// Refuses everything from now on; what was accepted is still drained.
  package func close() {
    let mustWake = state.withLock { state in
      state.isClosed = true
      return state.takeWake()
    }
    if mustWake { wake.signal() }
  }

  private func append(
    _ body: (inout State) throws(ClusterError) -> Void
  ) throws(ClusterError) {
    let mustWake = try state.withLock { state throws(ClusterError) in
      if state.isClosed { throw .closed }
      try body(&state)
      return state.takeWake()
    }
    if mustWake { wake.signal() }
  }
}

// MARK: Draining

extension SubmissionQueue {
  /// Swaps everything that waits into `contents`, blocking while there is nothing.
  ///
  /// - Returns: false when the queue is closed and empty: nothing will come any more.
  package func drain(into contents: inout Contents) -> Bool {
    contents.removeAll()
    while !take(into: &contents) { wake.wait() }
    return !contents.isEmpty
  }

  /// - Returns: whether there was something, or there will be nothing any more; else the caller
  ///   is to wait for the wake-up that the next producer gives.
  private func take(into contents: inout Contents) -> Bool {
    state.withLock { state in
      guard state.contents.isEmpty else {
        swap(&contents, &state.contents)
        return true
      }
      state.isConsumerParked = !state.isClosed
      return state.isClosed
    }
  }
}
