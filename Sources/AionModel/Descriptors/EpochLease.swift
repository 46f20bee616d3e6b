/// The right of a shard's leader to act, fenced by the epoch at which it became leader.
public struct EpochLease: Hashable, Sendable {
  public var shard: ShardKey
  public var leader: NodeID
  /// Work that carries a smaller epoch comes from a leader that was replaced.
  public var epoch: PlacementEpoch
  /// What is left, at least, before the leader's node can be marked down for being silent; it
  /// counts from when the question was asked. The leadership may go to another all the same, when
  /// somebody says so. nil when the node has no agent; and where the leader of the control plane is
  /// not asked: from a cache, and on a control plane in this process.
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
