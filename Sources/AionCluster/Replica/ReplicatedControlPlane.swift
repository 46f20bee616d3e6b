public import AionCatalog
public import AionLog
public import AionModel
public import AionNode
import AionRaft

/// One replica of a control plane that several machines keep together: databases, roles, nodes,
/// shards and transactions, durable on a majority.
///
/// Only the leader takes writes; the others refuse them with its name and address (`notLeader`).
/// A write returns once a majority has synced it and it is applied here. When the leadership is
/// lost meanwhile its outcome is unknown (`outcomeUnknown`): a command that can be told from its
/// repetition is then sent again. What the contracts read is linearizable, on every replica: the
/// leader is asked how far to apply first. `snapshot()` is what this replica has.
///
/// The network is the caller's: what others send is given to `receive`, what is for them comes out
/// of the `ReplicaOutlet`.
public final class ReplicatedControlPlane: ControlPlane, ClusterCatalog, TxnCoordinator,
  CommandProposer
{
  /// The directory that it was opened at.
  public let path: String
  /// Which replica this is, and of which cluster.
  public let identity: LogIdentity
  /// Of this directory: a replica that lost its own is another one.
  public let incarnation: Incarnation
  /// What opening found and did.
  public let recoveryReport: RecoveryReport
  /// How long syncs took.
  public let syncs: SyncHistogram

  let catalog: SharedCatalog
  let queue: NodeQueue
  let feed: ChangeFeed
  let board: StatusBoard
  let room: EnvelopeRoom
  let requestLimit: Int
  package let ending: Ending

  init(_ replica: OpenReplica, room: EnvelopeRoom, syncs: SyncHistogram, requestLimit: Int) {
    path = replica.path
    identity = replica.identity
    incarnation = replica.incarnation
    recoveryReport = replica.recoveryReport
    catalog = replica.catalog
    queue = replica.queue
    feed = replica.feed
    board = replica.board
    ending = replica.ending
    self.room = room
    self.syncs = syncs
    self.requestLimit = requestLimit
  }

  /// Whose data a directory holds; nil for one that is missing or empty.
  ///
  /// - Throws: `NodeFault` when the directory cannot be read.
  public static func identity(at path: String) throws(NodeFault) -> LogIdentity? {
    try DataDirectory.identity(at: path)
  }

  /// A replica that nobody closed goes without handing over; its files are closed.
  deinit { queue.close() }

  /// Opens a replica's directory, or begins one, and takes part in its group from then on.
  ///
  /// - Parameters:
  ///   - path: The data directory. Its parent must exist. Made with mode 0700, files 0600.
  ///   - thread: What it takes turns on; nil: a thread of its own.
  /// - Throws: `NodeFault`, as `DurableControlPlane.open`.
  public static func open(
    at path: String, configuration: ReplicaConfiguration, outlet: any ReplicaOutlet,
    on thread: (any ReplicaThread)? = nil
  ) async throws(NodeFault) -> ReplicatedControlPlane {
    let room = EnvelopeRoom(limit: configuration.maximumQueuedEnvelopes)
    let syncs = SyncHistogram()
    var options = configuration.storage.nodeOptions
    options.raft.electionTicks = configuration.electionTicks
    options.raft.electionJitterTicks = configuration.electionTicks
    let setup = ReplicaSetup(
      path: path, storage: configuration.storage, options: options,
      identity: { _ throws(NodeFault) in configuration.identity },
      beginning: configuration.beginning, syncs: syncs,
      duty: { GroupDuty(configuration, outlet: outlet, room: room) }, thread: thread)
    return ReplicatedControlPlane(
      try await OpenReplica.start(setup), room: room, syncs: syncs,
      requestLimit: configuration.maximumQueuedRequests)
  }
}

// MARK: Writing

extension ReplicatedControlPlane {
  /// Logs the batch on a majority and returns once it is applied here.
  ///
  /// - Throws: The refusal of the state machine, after which nothing has changed; `notLeader`,
  ///   `busy`, `diskFull` and `closed`, after which nothing has changed either. After
  ///   `outcomeUnknown`, `cancelled` and `storageFailed` the change may be made all the same.
  @discardableResult
  public func propose(_ batch: CommandBatch) async throws(ClusterError) -> Applied {
    try await queue.propose(Submission(batch))
  }

  /// The same, for those who have no task to wait in.
  ///
  /// - Parameter done: Called once, here or on the replica's thread, which must not be kept.
  package func propose(
    _ batch: CommandBatch, done: @escaping @Sendable (Result<Applied, ClusterError>) -> Void
  ) {
    let caller = Waiter(done)
    do throws(ClusterError) { try queue.propose(Submission(batch), from: caller) } catch {
      caller.resume(.failure(error))
    }
  }

  /// By this machine's clock; goes with proposals, for people.
  public var now: WallTime { .now }
}

// MARK: Reading

extension ReplicatedControlPlane {
  /// The whole state as this replica has it, in O(1); it stays as it is while writes go on.
  public func snapshot() -> ClusterSnapshot { catalog.snapshot }

  /// Runs `body` on a state that shows every write that was acknowledged before, by any replica.
  public func read<Answer: Sendable>(
    _ body: (ClusterSnapshot) throws(ClusterError) -> Answer
  ) async throws(ClusterError) -> Answer {
    try await confirmRead()
    return try catalog.read(body)
  }

  /// Waits until this replica shows every write that was acknowledged before, by any replica.
  ///
  /// - Returns: Up to where it had to apply for that.
  /// - Throws: `notLeader` when no leader answers, `busy`, `storageFailed`, `closed`, `cancelled`.
  @discardableResult
  public func confirmRead() async throws(ClusterError) -> LogIndex {
    try await Waiter<LogIndex>().wait { waiter throws(ClusterError) in
      try self.confirmRead(for: waiter)
    }
  }

  /// The same, for those who have no task to wait in.
  ///
  /// - Parameter done: Called once, here or on the replica's thread, which must not be kept.
  package func confirmRead(
    done: @escaping @Sendable (Result<LogIndex, ClusterError>) -> Void
  ) {
    let caller = Waiter(done)
    do throws(ClusterError) { try confirmRead(for: caller) } catch {
      caller.resume(.failure(error))
    }
  }

  private func confirmRead(for caller: Waiter<LogIndex>) throws(ClusterError) {
    guard !queue.offer(.read(caller), within: requestLimit) else { return }
    throw queue.isClosed ? .closed : .busy(.queueFull(limit: requestLimit))
  }

  /// The shards of a database, as every write left them that was acknowledged before.
  ///
  /// - Throws: As `confirmRead`.
  public func shards(in database: DatabaseID) async throws(ClusterError) -> [ShardDescriptor] {
    try await confirmRead()
    return catalog.snapshot.shards(in: database)
  }

  /// Every change at `index` and after it, in order, as they are applied here.
  ///
  /// To follow the state, take a `snapshot()` and the changes from the index after its `applied`.
  /// The stream ends with `compacted` when changes that are asked for next are no longer kept, or
  /// when another replica's snapshot took the place of the state; start again from a snapshot.
  public func changes(from index: LogIndex) -> ChangeStream {
    ChangeStream(feed: feed, start: index)
  }

  /// What happened at `index` and after it, as soon as anything there has been applied here,
  /// whether it changed something or not. For those who pass it on; to follow the state in this
  /// process take `changes(from:)`.
  ///
  /// - Throws: `compacted` when changes from `index` on are no longer all kept, `closed`,
  ///   `cancelled`.
  public func changePage(from index: LogIndex) async throws(ClusterError) -> ChangePage {
    try await feed.page(from: index)
  }

  /// The state, once it has applied an index.
  ///
  /// - Throws: `closed`, `cancelled`.
  public func snapshot(atLeast index: LogIndex) async throws(ClusterError) -> ClusterSnapshot {
    while true {
      let snapshot = catalog.snapshot
      if snapshot.applied >= index { return snapshot }
      do throws(ClusterError) { _ = try await feed.page(from: index) } catch {
        // The state went past it meanwhile.
        guard case .compacted = error else { throw error }
      }
    }
  }

  /// What an operator wants to know; costs no disk access and never waits for the disk.
  public func status() -> ReplicaStatus {
    let group = board.group
    return ReplicaStatus(
      storage: board.status(queuedWrites: queue.count), role: group.role, leader: group.leader,
      membership: group.membership, progress: group.progress, isIntroduced: group.isIntroduced,
      refusedEnvelopes: group.refusedEnvelopes, droppedEnvelopes: room.droppedCount,
      installedSnapshots: group.installedSnapshots, wonElections: group.wonElections)
  }
}

// MARK: Upkeep

extension ReplicatedControlPlane {
  /// Writes a snapshot and deletes the log that it makes superfluous; writes go on meanwhile.
  ///
  /// - Returns: The index that the newest snapshot includes.
  /// - Throws: `diskFull`, `storageFailed`, `closed`, `cancelled`. The log stays as it was.
  @discardableResult
  public func compact() async throws(ClusterError) -> LogIndex {
    try await queue.ask { .compact($0) }
  }

  /// Refuses new writes, answers those that were accepted, hands the leadership over, and closes
  /// the files. None of it is waited for longer than `ReplicaConfiguration.leavingTicks`.
  ///
  /// Returns once another process may open the directory. Reads of the snapshot still work; closing
  /// again is nothing.
  public func close() async {
    queue.refuseWrites()
    try? queue.submit(.leave)
    await ending.wait()
  }
}
