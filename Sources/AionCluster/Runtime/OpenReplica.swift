import AionCatalog
import AionLog
import AionModel
import AionNode
import AionRaft

/// A replica whose thread runs: what the rest of the process has of it.
struct OpenReplica: Sendable {
  var path: String
  var identity: LogIdentity
  var incarnation: Incarnation
  var recoveryReport: RecoveryReport
  var catalog: SharedCatalog
  var queue: NodeQueue
  var feed: ChangeFeed
  var board: StatusBoard
  var ending: Ending
}

/// How a directory is opened and run.
struct ReplicaSetup: Sendable {
  var path: String
  var storage: DurableConfiguration
  var options: NodeOptions
  /// Whose directory it is; told the directory, which may name it.
  var identity: @Sendable (PosixLogDirectory) throws(NodeFault) -> LogIdentity
  var beginning: NodeBeginning?
  var syncs: SyncHistogram?
  /// For one replica of several.
  var duty: (@Sendable () -> GroupDuty)?
  /// What one of several takes turns on; nil: a thread of its own.
  var thread: (any ReplicaThread)?
}

extension OpenReplica {
  /// Opens the directory on the thread that will own it, which then runs the replica until its
  /// queue is closed.
  static func start(_ setup: ReplicaSetup) async throws(NodeFault) -> OpenReplica {
    let outcome = await withCheckedContinuation { continuation in
      if let thread = setup.thread {
        return thread.run {
          ReplicaTurns(on: thread).open(setup) { continuation.resume(returning: $0) }
        }
      }
      let isStarted = DedicatedThread.start {
        NodeRunner.openAndRun(setup) { continuation.resume(returning: $0) }
      }
      if !isStarted { continuation.resume(returning: .failure(.noThread)) }
    }
    return try outcome.get()
  }
}

extension NodeRunner {
  typealias Opened = Result<OpenReplica, NodeFault>

  fileprivate static func openAndRun(_ setup: ReplicaSetup, opened: @Sendable (Opened) -> Void) {
    let ending = Ending()
    do throws(NodeFault) {
      var runner = try NodeRunner(opening: setup, ending: ending, wakeUp: nil, opened: opened)
      runner.run()
    } catch {
      opened(.failure(error))
    }
    // By now the node is gone, and the directory's lock with it.
    ending.reach()
  }

  /// - Parameters:
  ///   - wakeUp: Wakes the thread that takes turns with it; nil for one that is its own.
  ///   - opened: Told once it is open. What it is told is not kept here: a plane that nobody holds
  ///     any more closes itself.
  init(
    opening setup: ReplicaSetup, ending: Ending, wakeUp: (@Sendable () -> Void)?,
    opened: @Sendable (Opened) -> Void
  ) throws(NodeFault) {
    let directory = try DataDirectory.open(at: setup.path, syncs: setup.syncs)
    let identity = try setup.identity(directory)
    var chance = SystemRandomNumberGenerator()
    var node = try ReplicaNode(
      opening: directory, as: identity, beginning: setup.beginning, options: setup.options,
      seed: chance.next(), now: .now)
    let duty = setup.duty?()
    if let outlet = duty?.outlet { node.sendAtOnce = { outlet.send($0) } }
    var effects = CatalogEffects()
    let start = node.applied
    node.start(effects: &effects)
    if let fault = node.fault { throw fault }
    let queue = NodeQueue(limit: setup.storage.maximumQueuedWrites, wakeUp: wakeUp)
    let feed = ChangeFeed(after: start, limit: setup.storage.keptChanges)
    let disk = try? DiskUsage(of: directory)
    let board = StatusBoard(DurableStatus(of: node, at: setup.path, disk: disk))
    let replica = OpenReplica(
      path: setup.path, identity: identity, incarnation: node.incarnation,
      recoveryReport: node.recoveryReport, catalog: node.catalog, queue: queue, feed: feed,
      board: board, ending: ending)
    let background = BackgroundWorker(store: node.snapshots, queue: queue)
    self.init(
      node: node, in: directory, disk: disk, effects: effects, queue: queue, feed: feed,
      board: board, background: background, duty: duty)
    opened(.success(replica))
    carryOut()
  }
}
