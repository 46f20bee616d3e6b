/// The right of a shard's leader to act, fenced by the epoch at which it became leader.
public struct EpochLease: Hashable, Sendable {
  public var shard: ShardKey
  public var leader: NodeID
  /// Work that carries a smaller epoch comes from a leader that was replaced.
  public var epoch: PlacementEpoch
  /// What is left of the lease; nil: it lasts until the placement changes.
  public var expiresAfter: Duration?

  public init(
    shard: ShardKey, leader: NodeID, epoch: PlacementEpoch, expiresAfter: Duration? = nil
  ) {
    self.shard = shard
    self.leader = leader
    self.epoch = epoch
    self.expiresAfter = expiresAfter
  }
}
