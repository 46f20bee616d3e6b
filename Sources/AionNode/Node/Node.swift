public import AionCatalog
public import AionLog
public import AionModel
public import AionRaft

/// One replica of a group of one to seven: a raft core, its log and the state machine,
/// synchronous and deterministic.
///
/// One thread owns it. It is given proposals, envelopes and ticks, does its disk writes through the
/// port, and puts what follows into `Effects`. It reads no clock and knows no threads; the
/// simulator runs the same value as `DurableControlPlane` does.
public struct Node<Directory: LogDirectory, Machine: StateMachine>: ~Copyable {
  /// As it was opened with; they do not change while it runs.
  public let options: NodeOptions

  /// What was applied; any thread may read it.
  public let machine: SharedMachine<Machine>

  var raft: RaftCore
  /// As it was before it was given the snapshot that is being installed.
  var coreBeforeSnapshot: RaftCore?
  let log: Log<Directory>
  /// What opening found and did.
  public let recoveryReport: RecoveryReport
  var pending = PendingProposals<Machine.Command>()
  var pendingMembership: PendingMembership?
  var reads: WaitingReads
  /// Snapshots on their way to followers, by ascending follower.
  var outgoing: [OutgoingSnapshot<Directory.File>] = []
  /// The snapshot that a leader is sending.
  var received: ReceivedSnapshot<Directory, Machine>?

  /// Whom this replica knows; what of it counts is durable.
  var group: GroupRecord
  /// Something of it is not on the disk yet.
  var isGroupUnsaved = false
  /// Founders that have said that they know this replica's incarnation.
  var acquainted: [ReplicaID] = []
  /// The entry that makes a member known; no other is proposed before it is applied.
  var registering = LogIndex.zero
  /// The entries of this leader that made replicas known which recover, by ascending replica.
  var readmitting: [Readmitting] = []
  /// Ticks since this replica asked to be readmitted.
  var ticksSinceAsked = Int.max

  /// Takes what may leave before the sync that comes next, so that the network works while the disk
  /// does, and acknowledgements before what is applied next. Nil leaves it in `Effects.envelopes`,
  /// before which it belongs.
  public var sendAtOnce: ((_ envelopes: [Envelope]) -> Void)?

  /// How other replicas are called, for those who are sent on to one; the owner keeps it.
  public var names: [ReplicaID: PeerName] = [:]

  /// Waits for the next batch, because it holds no promise (`persist`).
  var unsavedHardState: HardState?

  /// Up to where the state machine has applied.
  public internal(set) var applied: LogIndex
  /// Encoded commands applied since the newest snapshot.
  var sizeSinceSnapshot = ByteCount.zero
  /// A snapshot is being written elsewhere; `snapshotEnded` has not been told yet.
  public internal(set) var isWritingSnapshot = false

  /// Why nothing more is written; nil while all is well.
  public internal(set) var fault: NodeFault?
  /// Whether the last batch found no room.
  public internal(set) var isDiskFull = false

  // Since it was opened
  var syncedBatches = 0
  var syncedEntries = 0
  var refusedEnvelopes = 0
  /// What was told last of who leads.
  var leadership = NodeLeadership(role: .follower, leader: nil, term: .zero)

  /// What the next core is seeded with, should this one have to begin again.
  var chance: SplitMix64
}

extension Node where Directory: LogDirectory {
  /// Whose directory it is; on every segment and snapshot.
  public var identity: LogIdentity { log.identity }

  /// Of this replica's directory.
  public var incarnation: Incarnation { group.incarnation }

  /// Which life of which directory this replica is.
  public var life: GroupRecord.Life { .init(raft.id, group.incarnation, group.generation) }

  /// The snapshots beside the log; may be used from any thread.
  public var snapshots: SnapshotStore<Directory> { log.snapshots }

  /// The entry up to which the newest snapshot reaches; 0 without one.
  public var snapshotIndex: LogIndex { raft.snapshot.position.index }

  /// The members in force here.
  public var membership: Membership { raft.membership }

  /// A leader's view of each member, by ascending id; empty on others.
  public var progress: [RaftStatus.Member] { raft.status.members }

  /// The directories that are known as members', or were; by ascending replica.
  public var lives: [GroupRecord.Life] { group.lives }
}

extension Node where Machine == ClusterState {
  /// What was applied; any thread may read it.
  public var catalog: SharedCatalog { machine }
}
