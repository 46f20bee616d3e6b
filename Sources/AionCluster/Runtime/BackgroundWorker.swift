import AionLog
import AionModel
import AionNode
import Dispatch

/// Does on a thread of its own what would hold up the node's: writing snapshots.
///
/// The node asks for one piece at a time, so there is one thread at most.
final class BackgroundWorker: Sendable {
  private let store: SnapshotStore<PosixLogDirectory>
  private let queue: SubmissionQueue<NodeInput>
  private let running = DispatchGroup()

  init(store: SnapshotStore<PosixLogDirectory>, queue: SubmissionQueue<NodeInput>) {
    self.store = store
    self.queue = queue
  }

  func start(_ work: BackgroundWork) {
    running.enter()
    let isStarted = DedicatedThread.start { [self] in
      run(work)
      running.leave()
    }
    if !isStarted {
      run(work)
      running.leave()
    }
  }

  /// Waits for what was started: nothing may touch the directory once its lock is given back.
  func finish() { running.wait() }

  private func run(_ work: BackgroundWork) {
    switch work {
    case .snapshot(let snapshot, let metadata):
      let outcome = Result { () throws(LogFault) in
        try snapshot.write(metadata, to: store)
        return metadata
      }
      // A closed queue means that nobody waits: the next opening finds the snapshot.
      try? queue.submitUnbounded(.snapshotEnded(outcome))
    }
  }
}
