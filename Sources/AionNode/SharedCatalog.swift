public import AionCatalog
import AionModel
import Synchronization

/// The applied state, where any thread may read it while the node's thread goes on applying.
///
/// The lock is held for one command or one look-up, never across a sync.
public final class SharedCatalog: Sendable {
  private let state: Mutex<ClusterState>

  init(_ state: ClusterState) { self.state = Mutex(state) }

  /// The state as it stands; taking it costs the same whatever its size.
  public var snapshot: ClusterSnapshot { state.withLock { $0.snapshot } }

  /// Runs `body` on the state as it stands, under the lock: for one short look.
  public func read<Answer: Sendable, Failure: Error>(
    _ body: (ClusterSnapshot) throws(Failure) -> Answer
  ) throws(Failure) -> Answer {
    try state.withLock { state throws(Failure) in try body(state.snapshot) }
  }

  func apply(_ batch: CommandBatch, at index: LogIndex) -> Result<Applied, ClusterError> {
    state.withLock { $0.apply(batch, at: index) }
  }

  /// Passes over an entry that is not for the state machine.
  func advance(to index: LogIndex) { state.withLock { $0.advance(to: index) } }
}
