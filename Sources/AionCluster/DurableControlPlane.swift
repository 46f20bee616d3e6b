public import AionCatalog
public import AionLog
public import AionModel
import AionNode
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A control plane whose every acknowledged change is on disk: databases, roles, nodes, shards and
/// transactions, in one directory.
///
///     let plane = try await DurableControlPlane.open(at: "/var/lib/aion")
///     try await plane.upsertNode(NodeDescriptor(id: "node-a", rpcEndpoint: "10.0.0.1:7432"))
///     let version = plane.snapshot().catalogVersion
///     await plane.close()
///
/// A write returns once its log entry is synced and applied; a crash at any moment loses nothing
/// that was acknowledged, and no batch is ever half there. Reads and snapshots take no disk access.
/// A cancelled caller stops waiting; its change may be made all the same. On one machine it is a
/// raft group with one voter.
public final class DurableControlPlane: ControlPlane, ClusterCatalog, TxnCoordinator,
  CommandProposer
{
  /// The directory that it was opened at.
  public let path: String
  /// What opening found and did.
  public let recoveryReport: RecoveryReport

  let catalog: SharedCatalog
  let queue: NodeQueue
  let feed: ChangeFeed
  let board: StatusBoard
  package let ending: Ending

  init(_ replica: OpenReplica) {
    path = replica.path
    recoveryReport = replica.recoveryReport
    catalog = replica.catalog
    queue = replica.queue
    feed = replica.feed
    board = replica.board
    ending = replica.ending
  }

  /// A plane that nobody closed finishes what it accepted; its files are then closed.
  deinit { queue.close() }
}

// MARK: Writing

extension DurableControlPlane {
  /// Logs the batch and returns once it is synced and applied.
  ///
  /// - Throws: The refusal of the state machine, after which nothing has changed; `busy` when too
  ///   many writes wait; `diskFull`, after which nothing has changed and writing works again once
  ///   there is room; `closed`. After `cancelled` and `storageFailed` the change may be made all
  ///   the same.
  @discardableResult
  public func propose(_ batch: CommandBatch) async throws(ClusterError) -> Applied {
    try await queue.propose(Submission(batch))
  }

  public var now: WallTime { .now }
}

// MARK: Reading

extension DurableControlPlane {
  /// The whole state at one version, in O(1); it stays as it is while writes go on.
  public func snapshot() -> ClusterSnapshot { catalog.snapshot }

  public func read<Answer: Sendable>(
    _ body: (ClusterSnapshot) throws(ClusterError) -> Answer
  ) throws(ClusterError) -> Answer {
    try catalog.read(body)
  }

  /// Every change at `index` and after it, in order, as they are applied.
  ///
  /// To follow the state, take a `snapshot()` and the changes from the index after its `applied`.
  /// The stream ends with `compacted` when changes that are asked for next are no longer kept;
  /// start again from a snapshot.
  public func changes(from index: LogIndex) -> ChangeStream {
    ChangeStream(feed: feed, start: index)
  }

  /// What an operator wants to know; costs no disk access and never waits for the disk.
  public func status() -> DurableStatus { board.status(queuedWrites: queue.count) }
}

// MARK: Upkeep

extension DurableControlPlane {
  /// Writes a snapshot and deletes the log that it makes superfluous; writes go on meanwhile.
  ///
  /// - Returns: The index that the newest snapshot includes.
  /// - Throws: `diskFull`, `storageFailed`, `closed`, `cancelled`. The log stays as it was.
  @discardableResult
  public func compact() async throws(ClusterError) -> LogIndex {
    try await queue.ask { .compact($0) }
  }

  /// Refuses new writes, finishes those that were accepted, and closes the files.
  ///
  /// Returns once another process may open the directory. Reads still work; closing again is
  /// nothing.
  public func close() async {
    queue.close()
    await ending.wait()
  }
}

extension WallTime {
  /// The wall clock of this machine.
  static var now: WallTime {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return WallTime(nanosecondsSince1970: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }
}
