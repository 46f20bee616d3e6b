import AionCatalog
import AionModel
import Synchronization

/// The newest applied changes, kept for those who follow them.
///
/// Followers pull by index, so a slow one costs nothing: when what it wants next has been dropped
/// it is told so and starts from a snapshot.
final class ChangeFeed: Sendable {
  private struct State {
    var history: ChangeHistory
    /// Every change up to this index has been published.
    var through: LogIndex
    var waiting: [Waiter<Void>] = []
    var isClosed = false

    mutating func takeWaiting() -> [Waiter<Void>] {
      defer { waiting = [] }
      return waiting
    }
  }

  private let state: Mutex<State>
  private let limit: Int

  /// The most that one pull hands over.
  private static var pageLength: Int { 256 }

  /// - Parameters:
  ///   - start: The index of the state that the feed begins with; changes up to it are not kept.
  ///   - limit: Commands to keep.
  init(after start: LogIndex, limit: Int) {
    self.limit = limit
    state = Mutex(
      State(history: ChangeHistory(after: start, limit: limit), through: start))
  }

  /// Forgets all changes: the state was replaced by another one, which reaches up to `index`.
  /// Those who follow are told that they have to begin again (`compacted`).
  func beginAgain(after index: LogIndex) {
    let waiting = state.withLock { state in
      state.history = ChangeHistory(after: index, limit: limit)
      state.through = index
      return state.takeWaiting()
    }
    for waiter in waiting { waiter.resume(.success(())) }
  }

  /// Adds changes in the order in which they were applied, and wakes those who wait for them.
  ///
  /// - Parameter through: Up to where everything has been applied, with changes or without.
  func publish(_ changes: [Change], through: LogIndex) {
    let waiting = state.withLock { state -> [Waiter<Void>] in
      for change in changes { state.history.append(change) }
      guard !changes.isEmpty || through > state.through else { return [] }
      state.through = max(state.through, through)
      return state.takeWaiting()
    }
    for waiter in waiting { waiter.resume(.success(())) }
  }

  /// Lets those who wait for changes know that none will come.
  func close() {
    let waiting = state.withLock { state in
      state.isClosed = true
      return state.takeWaiting()
    }
    for waiter in waiting { waiter.resume(.failure(.closed)) }
  }

  /// Changes from `index` on, at least one, waiting until there is one.
  ///
  /// - Throws: `compacted` when changes from `index` on are no longer all kept, `closed`,
  ///   `cancelled`.
  func changes(from index: LogIndex) async throws(ClusterError) -> ArraySlice<Change> {
    while true {
      let waiter = Waiter<Void>()
      let page = try pull(from: index, else: waiter)
      guard page.isEmpty else { return page }
      try await waiter.wait { _ in }
    }
  }

  /// What happened at `index` and after it, waiting until something there is applied.
  ///
  /// - Throws: As `changes(from:)`.
  func page(from index: LogIndex) async throws(ClusterError) -> ChangePage {
    while true {
      let waiter = Waiter<Void>()
      if let page = try pullPage(from: index, else: waiter) { return page }
      try await waiter.wait { _ in }
    }
  }

  /// nil when nothing is applied there yet; `waiter` will hear of it.
  private func pullPage(
    from index: LogIndex, else waiter: Waiter<Void>
  ) throws(ClusterError) -> ChangePage? {
    try state.withLock { state throws(ClusterError) in
      let changes = try state.history.changes(from: index, limit: Self.pageLength)
      if changes.isEmpty, state.through < index {
        if state.isClosed { throw .closed }
        state.waiting.removeAll(where: \.isAnswered)
        state.waiting.append(waiter)
        return nil
      }
      let isWhole = changes.count < Self.pageLength
      let last = changes.last?.index ?? state.through
      return ChangePage(changes: Array(changes), through: isWhole ? state.through : last)
    }
  }

  /// What there is from `index` on; when there is nothing, `waiter` will hear of the next change.
  private func pull(
    from index: LogIndex, else waiter: Waiter<Void>
  ) throws(ClusterError) -> ArraySlice<Change> {
    try state.withLock { state throws(ClusterError) in
      let page = try state.history.changes(from: index, limit: Self.pageLength)
      if page.isEmpty {
        if state.isClosed { throw .closed }
        state.waiting.removeAll(where: \.isAnswered)
        state.waiting.append(waiter)
      }
      return page
    }
  }
}
