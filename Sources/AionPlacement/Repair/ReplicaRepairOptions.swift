import AionModel

/// How a voter that is missing or down is replaced.
public enum ReplicaRepairMode: String, Hashable, Sendable, CaseIterable {
  /// A follower at once; it counts as a voter before it has the shard's contents.
  case directVoter
  /// A learner first, promoted when it is reported caught up.
  case learnerFirst
}

/// What one pass of repairs may do. Limits below zero count as zero.
public struct ReplicaRepairOptions: Hashable, Sendable {
  /// Voters of a shard in all, the leader included; nil: the policy's.
  public var replicationFactor: Int?
  /// Whether a voter on a down node is replaced, or only missing ones are filled.
  public var replaceDownVoters: Bool
  /// Plans of one pass; the shards closest to losing their quorum come first.
  public var maxRepairs: Int
  public var repairMode: ReplicaRepairMode
  /// Learners of one shard, those that are there already included.
  public var maxLearnersPerShard: Int
  /// Learners on one node, those that are there already included.
  public var maxLearnersPerNode: Int

  public init(
    replicationFactor: Int? = nil, replaceDownVoters: Bool = true, maxRepairs: Int = 1_024,
    repairMode: ReplicaRepairMode = .directVoter, maxLearnersPerShard: Int = 1,
    maxLearnersPerNode: Int = 64
  ) {
    self.replicationFactor = replicationFactor
    self.replaceDownVoters = replaceDownVoters
    self.maxRepairs = maxRepairs
    self.repairMode = repairMode
    self.maxLearnersPerShard = maxLearnersPerShard
    self.maxLearnersPerNode = maxLearnersPerNode
  }

  func factor(under policy: ReplicaPlacementPolicy) -> Int {
    min(max(replicationFactor ?? policy.replicationFactor, 1), PlacementLimits.placementsPerShard)
  }
}
