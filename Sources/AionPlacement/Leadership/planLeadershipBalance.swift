public import AionModel

/// Plans which shards get another leader: first wherever the leader is down, then off draining
/// nodes and to preferred ones, then from nodes that lead many shards to nodes that lead few.
///
/// A shard without a live voting quorum keeps its leader, and only a live voter becomes one. Moving
/// for load never goes against a lease preference.
///
/// - Parameter load: What each node carries of all shards of the cluster, those given included; nil
///   when there are no others.
/// - Returns: Every failover, then at most `maxTransfers` others; one plan a shard at most. The
///   order of the input does not matter.
public func planLeadershipBalance(
  of shards: [ShardDescriptor], on nodes: [NodeDescriptor],
  load: [NodeID: ReplicaCounts]? = nil, policy: ReplicaPlacementPolicy = ReplicaPlacementPolicy(),
  options: LeadershipBalanceOptions = LeadershipBalanceOptions()
) -> [LeadershipTransferPlan] {
  var balancer = LeadershipBalancer(
    ReplicaTable(shards, on: nodes, policy: policy, load: load), options: options)
  return balancer.balance()
}
