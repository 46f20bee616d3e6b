public import AionLog
public import AionModel
public import AionRaft

/// How one replica behaves.
public struct NodeOptions: Hashable, Sendable {
  public var raft: RaftOptions
  public var log: LogLimits
  /// Encoded commands that one log batch holds at most; a single larger one still goes.
  public var batchSize: ByteCount
  /// A snapshot is asked for when entries after the newest one hold this much.
  public var snapshotAfter: ByteCount
  /// Entries below the newest snapshot that stay in memory and in the log, for replicas that lag.
  public var keptEntries: Int
  /// Bytes of a snapshot that go in one envelope.
  public var snapshotPiece = ByteCount.kibibytes(256)
  /// Bytes of a snapshot that are sent and not yet synced by their receiver.
  public var snapshotWindow = ByteCount.mebibytes(1)
  /// Ticks without progress after which the receiver of a snapshot counts as out of reach.
  public var snapshotPatience = 60

  /// Ticks after which a read counts as lost on the way to the leader or back.
  var readPatience: Int { raft.electionTicks + raft.electionJitterTicks }

  public init(
    raft: RaftOptions = RaftOptions(), log: LogLimits = LogLimits(),
    batchSize: ByteCount = .mebibytes(4), snapshotAfter: ByteCount = .mebibytes(256),
    keptEntries: Int = 10_000
  ) {
    self.raft = raft
    self.raft.forwardsProposals = false
    self.log = log
    self.batchSize = batchSize
    self.snapshotAfter = snapshotAfter
    self.keptEntries = keptEntries
  }
}
