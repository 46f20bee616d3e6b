public import AionModel

/// Plans which learners become voters: only those in `caughtUp`, on live registered nodes with the
/// required attributes, and only where a voter is missing, down or on a draining node.
///
/// A missing voter is filled first; else the learner takes the place of the down or draining voter,
/// or stands beside it for a pass when the voters that stay would be no quorum without it.
///
/// - Parameter load: What each node carries of all shards of the cluster, those given included; nil
///   when there are no others.
/// - Returns: At most `maxRepairs` plans in the order of the shards' keys, one a shard.
public func planLearnerPromotions(
  of shards: [ShardDescriptor], on nodes: [NodeDescriptor], caughtUp: Set<ReplicaCatchupKey>,
  load: [NodeID: ReplicaCounts]? = nil, policy: ReplicaPlacementPolicy = ReplicaPlacementPolicy(),
  options: ReplicaRepairOptions = ReplicaRepairOptions()
) -> [ReplicaRepairPlan] {
  guard !caughtUp.isEmpty else { return [] }
  let pass = ReplicaPass(shards, on: nodes, policy: policy, load: load, options: options)
  var planner = PromotionPlanner(pass, caughtUp: caughtUp)
  return planner.plans()
}
