public import AionCatalog
import AionModel
import Synchronization

/// The applied state, where any thread may read it while the node's thread goes on applying.
///
/// The lock is held for one command or one look-up, never across a sync.
public final class SharedMachine<Machine: StateMachine>: Sendable {
  private let state: Mutex<Machine>

  init(_ state: Machine) { self.state = Mutex(state) }

  /// The state as it stands; taking it costs the same whatever its size.
  public var view: Machine.View { state.withLock { $0.view } }

  /// Runs `body` on the state as it stands, under the lock: for one short look.
  public func read<Answer: Sendable, Failure: Error>(
    _ body: (Machine.View) throws(Failure) -> Answer
  ) throws(Failure) -> Answer {
    try state.withLock { state throws(Failure) in try body(state.view) }
  }

  /// - Returns: What became of the command, and what it means for those who follow.
  func apply(
    _ command: Machine.Command, at index: LogIndex
  ) -> (outcome: Result<Machine.Outcome, ClusterError>, change: Machine.Change?) {
    state.withLock { state in
      let outcome = state.apply(command, at: index)
      return (outcome, state.change(by: command, at: index, to: outcome))
    }
  }

  /// Passes over an entry that is not for the state machine.
  func advance(to index: LogIndex) { state.withLock { $0.advance(to: index) } }

  /// Puts another replica's state in the place of this one.
  func replace(by view: Machine.View) { state.withLock { $0 = Machine(view) } }
}

/// The applied state of the catalog.
public typealias SharedCatalog = SharedMachine<ClusterState>

extension SharedMachine<ClusterState> {
  /// The state as it stands; taking it costs the same whatever its size.
  public var snapshot: ClusterSnapshot { view }
}
