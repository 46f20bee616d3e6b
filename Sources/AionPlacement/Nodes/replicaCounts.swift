public import AionModel

/// What each node carries of these shards, as the planners want it told of shards that they do not
/// see.
public func replicaCounts(of shards: some Sequence<ShardDescriptor>) -> [NodeID: ReplicaCounts] {
  var counts: [NodeID: ReplicaCounts] = [:]
  for shard in shards {
    for placement in shard.placements {
      counts[placement.node, default: ReplicaCounts()].count(placement.role, by: 1)
    }
  }
  return counts
}
