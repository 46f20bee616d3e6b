public import AionLog
public import AionModel
public import AionNode

/// How one replica of several behaves.
public struct ReplicaConfiguration: Hashable, Sendable {
  /// Who it is. An existing directory must be that replica's.
  public var identity: LogIdentity
  /// How an empty directory begins.
  public var beginning: NodeBeginning
  /// Queue, log and snapshots; its `nodeID` is passed over.
  public var storage: DurableConfiguration
  /// What a tick of the replica's clock lasts. A leader sends a heartbeat at each.
  public var tick: Duration
  /// Ticks without a leader after which a follower stands for election, and up to twice as many.
  public var electionTicks: Int
  /// How long writes wait, at most, for others to share a batch with: while some are under way and
  /// they are not twice as many, and for those who were just answered where 32 or more write at a
  /// time; up to five times as long where batches of as many take long. 0 is not at all; a lone
  /// writer never waits.
  public var gathering: Duration
  /// Requests and envelopes that may wait for the replica's thread; above it envelopes are dropped
  /// and reads are refused with `busy`.
  public var maximumQueuedRequests: Int
  /// Bytes of envelopes that may wait; what does not fit is dropped.
  public var maximumQueuedEnvelopes: ByteCount
  /// Ticks that a replica waits, when it leaves, for what it accepted, and again for its successor.
  public var leavingTicks: Int

  /// A replica with good defaults for disks and networks of one site.
  public init(
    identity: LogIdentity, beginning: NodeBeginning,
    storage: DurableConfiguration = DurableConfiguration(), tick: Duration = .milliseconds(100),
    electionTicks: Int = 10, gathering: Duration = .milliseconds(2),
    maximumQueuedRequests: Int = 65_536, maximumQueuedEnvelopes: ByteCount = .mebibytes(64),
    leavingTicks: Int = 20
  ) {
    self.identity = identity
    self.beginning = beginning
    self.storage = storage
    self.tick = tick
    self.electionTicks = electionTicks
    self.gathering = gathering
    self.maximumQueuedRequests = maximumQueuedRequests
    self.maximumQueuedEnvelopes = maximumQueuedEnvelopes
    self.leavingTicks = leavingTicks
  }
}
