public import AionModel

/// All there is to say about new shards on a cluster whose nodes are alike.
public struct ReplicaPlacementOptions: Hashable, Sendable {
  /// Voters of a shard in all, the leader included.
  public var replicationFactor: Int

  public init(replicationFactor: Int = 3) { self.replicationFactor = replicationFactor }
}

/// Plans where new shards live on a cluster whose nodes are alike: leaders and replicas balanced.
///
/// - Throws: `noCandidates` when no registered node is live, unless there is no key.
public func planInitialPlacements(
  of keys: [ShardKey], on nodes: [NodeDescriptor],
  options: ReplicaPlacementOptions = ReplicaPlacementOptions(),
  beside existing: [NodeID: ReplicaCounts] = [:]
) throws(PlacementRefusal) -> [InitialPlacementPlan] {
  try planInitialPlacements(
    of: keys, on: nodes,
    policy: ReplicaPlacementPolicy(replicationFactor: options.replicationFactor), beside: existing)
}
