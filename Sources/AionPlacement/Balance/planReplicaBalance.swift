public import AionModel

/// Plans which followers and learners move: first where the voters of a shard stand closer together
/// than they must, then from nodes with many replicas to nodes with few.
///
/// Only shards that need no repair are touched, leaders stay, and no move brings the voters of a
/// shard closer together. With `.directVoter` a follower moves at once; with `.learnerFirst` a
/// learner is staged, and once it is in `caughtUp` it takes the follower's place, chosen anew.
/// Shards with fewer than three voters stay as they are.
///
/// - Parameters:
///   - load: What each node carries of all shards of the cluster, those given included; nil when
///     there are no others.
///   - repair: How replicas are replaced and the limits on learners.
/// - Returns: At most `maxMoves` plans, one a shard; the order of the input does not matter.
public func planReplicaBalance(
  of shards: [ShardDescriptor], on nodes: [NodeDescriptor], caughtUp: Set<ReplicaCatchupKey> = [],
  load: [NodeID: ReplicaCounts]? = nil, policy: ReplicaPlacementPolicy = ReplicaPlacementPolicy(),
  repair: ReplicaRepairOptions = ReplicaRepairOptions(),
  options: ReplicaBalanceOptions = ReplicaBalanceOptions()
) -> [ReplicaRepairPlan] {
  guard options.maxMoves > 0 else { return [] }
  var passOptions = repair
  passOptions.maxRepairs = options.maxMoves
  let pass = ReplicaPass(shards, on: nodes, policy: policy, load: load, options: passOptions)
  var balancer = ReplicaBalancer(pass, caughtUp: caughtUp, minLoadDelta: options.minLoadDelta)
  return balancer.plans()
}
