public import AionModel

/// How well a set of shards is replicated.
public struct ReplicationStatusSnapshot: Hashable, Sendable {
  public private(set) var totalShards = 0
  public private(set) var shardsWithLiveQuorum = 0
  /// Shards with fewer live voters than the replication factor.
  public private(set) var underReplicatedShards = 0
  public private(set) var shardsWithDownVoters = 0
  public private(set) var shardsWithLearners = 0
  public private(set) var learnerReplicas = 0
  /// In the order of their keys.
  public private(set) var shards: [ShardReplicationStatus] = []
  /// In the order of their ids: the registered nodes and those that only placements name.
  public private(set) var nodes: [NodeReplicationStatus] = []

  public var shardsWithoutLiveQuorum: Int { totalShards - shardsWithLiveQuorum }

  /// Whether each shard has all its voters, all of them live.
  public var isFullyReplicated: Bool { underReplicatedShards == 0 && shardsWithDownVoters == 0 }

  /// - Parameter replicationFactor: Voters that each shard should have, the leader included.
  public init(
    of shards: [ShardDescriptor], on nodes: [NodeDescriptor], replicationFactor: Int
  ) {
    let table = ReplicaTable(
      shards, on: nodes, policy: ReplicaPlacementPolicy(replicationFactor: replicationFactor))
    self.shards.reserveCapacity(table.shards.count)
    for (index, shard) in table.shards.enumerated() {
      let tally = table.tally(index)
      count(tally, replicationFactor: replicationFactor)
      self.shards.append(
        ShardReplicationStatus(
          shard: shard, tally: tally, isUnderReplicated: tally.liveVoters < replicationFactor))
    }
    self.nodes = NodeReplicationStatus.all(in: table)
  }

  private mutating func count(_ tally: ShardTally, replicationFactor: Int) {
    totalShards += 1
    if tally.hasLiveQuorum { shardsWithLiveQuorum += 1 }
    if tally.liveVoters < replicationFactor { underReplicatedShards += 1 }
    if tally.downVoters > 0 { shardsWithDownVoters += 1 }
    if tally.learners > 0 { shardsWithLearners += 1 }
    learnerReplicas += tally.learners
  }
}
