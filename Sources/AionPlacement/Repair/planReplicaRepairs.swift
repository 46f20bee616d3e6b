public import AionModel

/// Plans how shards get back their voters: missing ones are filled, down ones replaced, and
/// draining nodes emptied, one change a shard.
///
/// A shard without a live voting quorum is left alone, and no plan takes a quorum away. New
/// replicas go to live registered nodes with the required attributes, as far apart as the spread
/// attributes allow, then to the least loaded. A leader that is down or leaves is succeeded by a
/// live voter in the same plan. Learners stay, except one that can never be promoted (its node is
/// down, draining, not registered or without a required attribute) and that stands in the way of a
/// repair by `maxLearnersPerShard`, and one on a draining node, which moves.
///
/// - Parameter load: What each node carries of all shards of the cluster, those given included; nil
///   when there are no others.
/// - Returns: At most `maxRepairs` plans, for the shards closest to losing their quorum first; the
///   order of the input does not matter.
public func planReplicaRepairs(
  of shards: [ShardDescriptor], on nodes: [NodeDescriptor],
  load: [NodeID: ReplicaCounts]? = nil, policy: ReplicaPlacementPolicy = ReplicaPlacementPolicy(),
  options: ReplicaRepairOptions = ReplicaRepairOptions()
) -> [ReplicaRepairPlan] {
  var planner = RepairPlanner(
    ReplicaPass(shards, on: nodes, policy: policy, load: load, options: options))
  return planner.plans()
}
