import AionCatalog
import AionLog
import AionModel
public import AionNode
import AionRaft

extension DurableControlPlane {
  /// Opens the control plane in a directory, or begins a new one in a directory that is missing or
  /// empty.
  ///
  /// A last batch that a crash left incomplete was never acknowledged; it is dropped and reported.
  /// Everything else that does not hold is refused and left as it is: `aionlog verify` explains it.
  ///
  /// - Parameter path: The data directory. Its parent must exist. Made with mode 0700, files 0600.
  /// - Throws: `NodeFault` with the place: damage, another cluster's or a newer release's files, in
  ///   use by another process, not a directory, read-only, another owner. A full disk does not
  ///   keep it from opening; writes are then refused with `diskFull`.
  public static func open(
    at path: String, configuration: DurableConfiguration = DurableConfiguration()
  ) async throws(NodeFault) -> DurableControlPlane {
    let outcome = await withCheckedContinuation { continuation in
      let isStarted = DedicatedThread.start {
        NodeRunner.openAndRun(at: path, configuration) { continuation.resume(returning: $0) }
      }
      if !isStarted { continuation.resume(returning: .failure(.noThread)) }
    }
    return try outcome.get()
  }
}

extension NodeRunner {
  typealias Opened = Result<DurableControlPlane, NodeFault>

  /// Opens the directory on the thread that will own it, tells how that went, and runs until the
  /// plane is closed.
  fileprivate static func openAndRun(
    at path: String, _ configuration: DurableConfiguration, opened: (Opened) -> Void
  ) {
    let ending = Ending()
    do throws(NodeFault) {
      try open(at: path, configuration, ending: ending, opened: opened)
    } catch {
      opened(.failure(error))
    }
    // By now the node is gone, and the directory's lock with it.
    ending.reach()
  }

  private static func open(
    at path: String, _ configuration: DurableConfiguration, ending: Ending,
    opened: (Opened) -> Void
  ) throws(NodeFault) {
    let directory = try DataDirectory.open(at: path)
    let identity = try DataDirectory.identity(of: directory, for: configuration.nodeID)
    var chance = SystemRandomNumberGenerator()
    var node = try ReplicaNode(
      opening: directory, as: identity, options: configuration.nodeOptions, seed: chance.next(),
      now: .now)
    var effects = CatalogEffects()
    let start = node.applied
    let report = node.recoveryReport
    node.start(effects: &effects)
    if let fault = node.fault { throw fault }
    let queue = NodeQueue(limit: configuration.maximumQueuedWrites)
    let feed = ChangeFeed(after: start, limit: configuration.keptChanges)
    let board = StatusBoard(DurableStatus(of: node, at: path))
    let catalog = node.catalog
    let background = BackgroundWorker(store: node.snapshots, queue: queue)
    var runner = NodeRunner(
      node: node, at: path, effects: effects, queue: queue, feed: feed, board: board,
      background: background)
    // Not kept here: a plane that nobody holds any more closes itself.
    opened(
      .success(
        DurableControlPlane(
          path: path, recoveryReport: report, catalog: catalog, queue: queue, feed: feed,
          board: board, ending: ending)))
    runner.run()
  }
}

extension DurableConfiguration {
  fileprivate var nodeOptions: NodeOptions {
    NodeOptions(
      log: LogLimits(segmentSize: segmentSize, preallocation: preallocation),
      snapshotAfter: snapshotAfter, keptEntries: keptEntries)
  }
}
