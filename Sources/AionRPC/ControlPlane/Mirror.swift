import AionCatalog
import AionModel
import Synchronization

/// The state that a cache follows, and those who wait for it to come further.
final class Mirror: Sendable {
  fileprivate struct State {
    var cluster: ClusterState
    var lastHeard = ContinuousClock.now
    var activity = CachedControlPlane.Activity(snapshots: 1)
    var waiting: [UInt64: Waiting] = [:]
    var lastWaiting: UInt64 = 0
    var isClosed = false
  }

  fileprivate struct Waiting {
    var index: LogIndex
    /// nil until the wait has begun.
    var continuation: CheckedContinuation<Bool, Never>?
  }

  private let state: Mutex<State>

  init(_ snapshot: ClusterSnapshot) {
    state = Mutex(State(cluster: ClusterState(snapshot)))
  }

  var snapshot: ClusterSnapshot { state.withLock { $0.cluster.snapshot } }
  var lastHeard: ContinuousClock.Instant { state.withLock { $0.lastHeard } }
  var activity: CachedControlPlane.Activity { state.withLock { $0.activity } }

  /// Takes what a replica told.
  ///
  /// - Returns: false when the changes do not fit: the whole state is needed.
  func take(_ page: ChangePage) -> Bool {
    let (fits, reached) = state.withLock { state in
      let fits = state.take(page)
      return (fits, state.takeReached())
    }
    for continuation in reached { continuation.resume(returning: true) }
    return fits
  }

  /// Begins again from a whole state. One that is older than what is here is not taken: reads never
  /// go back.
  func begin(from snapshot: ClusterSnapshot) {
    let reached = state.withLock { state in
      state.activity.snapshots += 1
      state.lastHeard = .now
      if snapshot.applied >= state.cluster.snapshot.applied {
        state.cluster = ClusterState(snapshot)
      }
      return state.takeReached()
    }
    for continuation in reached { continuation.resume(returning: true) }
  }

  func interrupted() { state.withLock { $0.activity.interruptions += 1 } }

  func close() {
    let waiting = state.withLock { state in
      state.isClosed = true
      defer { state.waiting = [:] }
      return Array(state.waiting.values)
    }
    for one in waiting { one.continuation?.resume(returning: false) }
  }
}

extension Mirror.State {
  fileprivate mutating func take(_ page: ChangePage) -> Bool {
    lastHeard = .now
    // What a replica that lags tells again is here already.
    for change in page.changes where change.index > cluster.snapshot.applied {
      activity.changes += 1
      guard cluster.apply(change) else {
        activity.divergences += 1
        return false
      }
    }
    if page.through > cluster.snapshot.applied { cluster.advance(to: page.through) }
    return true
  }

  fileprivate mutating func takeReached() -> [CheckedContinuation<Bool, Never>] {
    guard !waiting.isEmpty else { return [] }
    let applied = cluster.snapshot.applied
    // In any order: each goes its own way.
    let reached = waiting.filter { $0.value.index <= applied && $0.value.continuation != nil }
    for name in reached.keys { waiting[name] = nil }
    return reached.values.compactMap(\.continuation)
  }
}

// MARK: - Waiting

extension Mirror {
  /// Waits until everything up to `index` is here, or the call's time is over.
  func wait(for index: LogIndex) async throws(ClusterError) {
    let left = CallDeadline.left(else: .seconds(86_400))
    let name = state.withLock { state in
      state.lastWaiting += 1
      if !state.isClosed { state.waiting[state.lastWaiting] = Waiting(index: index) }
      return state.lastWaiting
    }
    let timer = Task {
      try? await Task.sleep(for: left)
      self.giveUp(name)
    }
    defer { timer.cancel() }
    let isHere = await withTaskCancellationHandler {
      await reach(index, as: name)
    } onCancel: {
      giveUp(name)
    }
    guard !isHere else { return }
    if Task.isCancelled { throw .cancelled }
    if state.withLock({ $0.isClosed }) { throw .closed }
    throw .unreachable(reason: "index \(index) did not come to the cache in time")
  }

  private func reach(_ index: LogIndex, as name: UInt64) async -> Bool {
    await withCheckedContinuation { continuation in
      let known = state.withLock { state -> Bool? in
        guard state.cluster.snapshot.applied < index else {
          state.waiting[name] = nil
          return true
        }
        // Its time may be over, the task cancelled, or the cache closed before it comes to wait.
        guard state.waiting[name] != nil else { return false }
        state.waiting[name]?.continuation = continuation
        return nil
      }
      if let known { continuation.resume(returning: known) }
    }
  }

  private func giveUp(_ name: UInt64) {
    let waiting = state.withLock { $0.waiting.removeValue(forKey: name) }
    waiting?.continuation?.resume(returning: false)
  }
}
