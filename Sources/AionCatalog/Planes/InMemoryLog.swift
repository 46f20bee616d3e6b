public import AionModel
import Synchronization

/// A log in memory: each batch is applied as it is proposed, and nothing outlives the process.
///
/// The in-memory contracts stand on it, each on a log of its own or several on one.
public final class InMemoryLog: CommandProposer {
  private struct Contents {
    var state: ClusterState
    var history: ChangeHistory
  }

  private let contents: Mutex<Contents>
  private let clock: @Sendable () -> WallTime

  /// - Parameters:
  ///   - snapshot: The state to go on from; what is done to it here is done nowhere else.
  ///   - clock: The wall clock, asked when a command carries a time. Without one all times are the
  ///     epoch.
  public init(
    _ snapshot: ClusterSnapshot = ClusterSnapshot(),
    clock: @escaping @Sendable () -> WallTime = { .epoch }
  ) {
    contents = Mutex(
      Contents(
        state: ClusterState(snapshot), history: ChangeHistory(after: snapshot.applied)))
    self.clock = clock
  }

  public var now: WallTime { clock() }

  /// The batch takes the next index, refused or not.
  public func propose(_ batch: CommandBatch) throws(ClusterError) -> Applied {
    try contents.withLock { contents throws(ClusterError) in
      let index = contents.state.snapshot.applied.next
      let outcome = contents.state.apply(batch, at: index)
      if let change = contents.state.change(by: batch, at: index, to: outcome) {
        contents.history.append(change)
      }
      return try outcome.get()
    }
  }

  public func read<Answer: Sendable>(
    _ body: (ClusterSnapshot) throws(ClusterError) -> Answer
  ) throws(ClusterError) -> Answer {
    try contents.withLock { contents throws(ClusterError) in try body(contents.state.snapshot) }
  }

  public func snapshot() -> ClusterSnapshot { contents.withLock { $0.state.snapshot } }

  /// The changes at `index` and after it that have been made so far, in their order.
  ///
  /// - Throws: `compacted` when one of them may be gone; begin again from `snapshot()`.
  public func changes(from index: LogIndex) throws(ClusterError) -> [Change] {
    try contents.withLock { contents throws(ClusterError) in
      Array(try contents.history.changes(from: index))
    }
  }
}
