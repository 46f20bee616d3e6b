package import AionModel
import Dispatch
import Synchronization

/// What waits for the node's thread: filled by any task, emptied whole by that one thread.
///
/// Draining it before each sync *is* group commit: what arrives while a sync runs forms the next
/// batch; a consumer that has writes under way may wait for more (`Gathering`). It holds at most
/// `limit` writes and refuses more; requests always get through, the outcome of background work
/// among them.
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
    var refusesWrites = false
    var consumer = Parking()
    /// Until when writes wait that the consumer has left, because they were too few.
    var gatheringEnd: DispatchTime?

    /// Whether the consumer sleeps and has to be woken; the one who asks must do it.
    mutating func takeWake() -> Bool {
      consumer.takeWake(
        writes: contents.writes.count, isUrgent: isClosed || !contents.requests.isEmpty)
    }

    /// Whether the writes that wait are to go, as far as there are any. If not, they wait from
    /// now on.
    mutating func areWritesDue(_ gathering: Gathering) -> Bool {
      if isClosed || contents.writes.count >= gathering.count { return true }
      guard let end = gatheringEnd else {
        if !contents.writes.isEmpty { gatheringEnd = .now() + gathering.patience.dispatchInterval }
        return false
      }
      return end <= .now()
    }
  }

  private let state = Mutex(State())
  private let semaphore = DispatchSemaphore(value: 0)
  private let limit: Int
  /// Told that a consumer that rests has something to do; nil for one that blocks in `drain`.
  private let wakeUp: (@Sendable () -> Void)?

  /// - Parameter wakeUp: Wakes a consumer that takes what there is with `poll`; from any thread.
  package init(limit: Int, wakeUp: (@Sendable () -> Void)? = nil) {
    self.limit = limit
    self.wakeUp = wakeUp
  }

  private func wake() { if let wakeUp { wakeUp() } else { semaphore.signal() } }

  package var isClosed: Bool { state.withLock { $0.isClosed } }

  /// Writes that wait.
  package var count: Int { state.withLock { $0.contents.writes.count } }
}

// MARK: Filling

extension SubmissionQueue {
  /// - Throws: `busy` when the limit is reached, `closed` after `close`.
  package func submit(_ write: Write, from caller: Caller) throws(ClusterError) {
    try append { (state) throws(ClusterError) in
      if state.refusesWrites { throw .closed }
      guard state.contents.writes.count < limit else { throw .busy(.queueFull(limit: limit)) }
      state.contents.writes.append(write)
      state.contents.callers.append(caller)
    }
  }

  /// - Throws: `closed` after `close`.
  package func submit(_ request: Request) throws(ClusterError) {
    try append { (state) throws(ClusterError) in state.contents.requests.append(request) }
  }

  /// Takes a request unless as many wait already.
  ///
  /// - Returns: false when it was not taken; also after `close`.
  package func offer(_ request: Request, within limit: Int) -> Bool {
    let outcome = state.withLock { state -> (isTaken: Bool, mustWake: Bool) in
      guard !state.isClosed, state.contents.requests.count < limit else { return (false, false) }
      state.contents.requests.append(request)
      return (true, state.takeWake())
    }
    if outcome.mustWake { wake() }
    return outcome.isTaken
  }

  /// Refuses writes from now on; requests still get through.
  package func refuseWrites() { state.withLock { $0.refusesWrites = true } }

  /// Refuses everything from now on; what was accepted is still drained.
  package func close() {
    let mustWake = state.withLock { state in
      state.isClosed = true
      return state.takeWake()
    }
    if mustWake { wake() }
  }

  private func append(
    _ body: (inout State) throws(ClusterError) -> Void
  ) throws(ClusterError) {
    let mustWake = try state.withLock { state throws(ClusterError) in
      if state.isClosed { throw .closed }
      try body(&state)
      return state.takeWake()
    }
    if mustWake { wake() }
  }
}

// MARK: Draining

extension SubmissionQueue {
  /// Swaps everything that waits into `contents`, blocking while there is nothing.
  ///
  /// - Returns: false when the queue is closed and empty: nothing will come any more.
  package func drain(into contents: inout Contents) -> Bool {
    contents.removeAll()
    while take(into: &contents, .none) != nil { semaphore.wait() }
    return !contents.isEmpty
  }

  /// Swaps everything that waits into `contents`, blocking for a while at most when there is
  /// nothing. Writes that are too few stay where they are, and are not blocked for.
  ///
  /// - Returns: false when the queue is closed and empty: nothing will come any more.
  package func drain(
    into contents: inout Contents, waitingAtMost patience: Duration, gathering: Gathering = .none
  ) -> Bool {
    var rest: Rest?
    while poll(into: &contents, waitingAtMost: patience, gathering: gathering, rest: &rest) {
      guard let pause = rest?.pause else { return true }
      _ = semaphore.wait(timeout: pause)
    }
    return false
  }

  /// Swaps everything that waits into `contents`, and does not block when there is nothing. Writes
  /// that are too few stay where they are.
  ///
  /// - Parameter rest: Of the consumer, which is to poll again when it is over or it is woken;
  ///   nil once there was something, or the time was over for which nothing was waited for at most.
  /// - Returns: false when the queue is closed and empty: nothing will come any more.
  package func poll(
    into contents: inout Contents, waitingAtMost patience: Duration, gathering: Gathering,
    rest: inout Rest?
  ) -> Bool {
    contents.removeAll()
    let now = DispatchTime.now()
    if let over = rest, over.deadline <= now {
      rest = nil
      state.withLock { $0.consumer.unpark() }
      return true
    }
    let hasGathered = rest.map { $0.hasGathered || $0.pause <= now } ?? false
    guard let pause = take(into: &contents, hasGathered ? .none : gathering) else {
      rest = nil
      return !contents.isEmpty
    }
    let deadline = rest?.deadline ?? now + patience.dispatchInterval
    rest = Rest(deadline: deadline, pause: min(pause, deadline), hasGathered: hasGathered)
    return true
  }

  /// How long a consumer is to rest that has found nothing to do.
  package struct Rest {
    /// It does what is due then, whether anything has come or not.
    fileprivate var deadline: DispatchTime
    /// When it polls again at the latest; before the deadline, for writes that are too few.
    fileprivate(set) var pause: DispatchTime
    /// Writes had the time to gather, and go as they come from now on.
    fileprivate var hasGathered: Bool
  }

  /// Swaps the writes that wait into `contents`, unless it has some or they are too few, and waits
  /// for none.
  package func takeWrites(into contents: inout Contents, gathering: Gathering = .none) {
    guard contents.writes.isEmpty else { return }
    state.withLock { state in
      guard state.areWritesDue(gathering.within(limit)) else { return }
      state.gatheringEnd = nil
      swap(&contents.writes, &state.contents.writes)
      swap(&contents.callers, &state.contents.callers)
    }
  }

  /// - Returns: nil when there was something, or there will be nothing any more; else until when
  ///   the caller is to wait, at most, for the wake-up that the next producer gives.
  private func take(into contents: inout Contents, _ gathering: Gathering) -> DispatchTime? {
    let gathering = gathering.within(limit)
    return state.withLock { state in
      state.consumer.unpark()
      if state.areWritesDue(gathering) {
        state.gatheringEnd = nil
        swap(&contents, &state.contents)
        return nil
      }
      guard state.contents.requests.isEmpty else {
        swap(&contents.requests, &state.contents.requests)
        return nil
      }
      state.consumer.park(for: gathering.count)
      guard gathering.count > 1 else { return .distantFuture }
      return state.gatheringEnd ?? .now() + gathering.patience.dispatchInterval
    }
  }
}

extension Duration {
  fileprivate var dispatchInterval: DispatchTimeInterval {
    let (seconds, attoseconds) = components
    let nanoseconds = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    guard !nanoseconds.overflow else { return .never }
    return .nanoseconds(Int(nanoseconds.partialValue) + Int(attoseconds / 1_000_000_000))
  }
}
