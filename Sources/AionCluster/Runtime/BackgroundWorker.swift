import AionCatalog
import AionLog
import AionModel
import AionNode
import Dispatch

/// Does on threads of its own what would hold up the node's: writing snapshots, reading those that
/// came, and preparing the next log file.
///
/// The node asks for one of each at a time, so there are three threads at most.
final class BackgroundWorker: Sendable {
  private let store: SnapshotStore<PosixLogDirectory>
  private let queue: NodeQueue
  private let running = DispatchGroup()

  init(store: SnapshotStore<PosixLogDirectory>, queue: NodeQueue) {
    self.store = store
    self.queue = queue
  }

  /// Writes a snapshot.
  func start(_ work: BackgroundWork<ClusterState>) {
    switch work {
    case .snapshot(let snapshot, let metadata):
      run { [store] in
        .snapshotEnded(
          Result { () throws(LogFault) in
            try ClusterState.write(snapshot, metadata, to: store, now: .now)
            return metadata
          })
      }
    }
  }

  /// Writes zeros into the next log file.
  func start(_ preparation: SegmentPreparation<PosixLogDirectory>) {
    run { .segmentPrepared(try? preparation.run()) }
  }

  /// Reads a snapshot that came over the network.
  func start(_ reading: SnapshotReading<PosixLogDirectory, ClusterState>) {
    run { .snapshotRead(reading.run()) }
  }

  /// Waits for what was started: nothing may touch the directory once its lock is given back.
  func finish() { running.wait() }

  private func run(_ work: @escaping @Sendable () -> NodeRequest) {
    running.enter()
    let body: @Sendable () -> Void = { [queue, running] in
      // Refused once the queue is closed: nobody needs the outcome then, the next opening finds it.
      try? queue.submit(work())
      running.leave()
    }
    if !DedicatedThread.start(body) { body() }
  }
}
