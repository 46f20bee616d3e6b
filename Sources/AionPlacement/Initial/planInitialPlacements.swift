public import AionModel

/// Plans where new shards live: balanced leaders and replicas, spread as the policy asks.
///
/// Down and draining nodes and those without a required attribute get nothing; with fewer
/// candidates than the policy's replication factor a shard gets a voter on each of them. The leader
/// goes to the candidates of the first lease preference that any of them satisfies.
///
/// - Parameters:
///   - keys: In any order; one that stands twice is planned once.
///   - existing: What each node carries already, of any database.
/// - Returns: One plan a shard, in the order of their keys.
/// - Throws: `noCandidates` when there is no node for a first replica, unless there is no key.
public func planInitialPlacements(
  of keys: [ShardKey], on nodes: [NodeDescriptor], policy: ReplicaPlacementPolicy,
  beside existing: [NodeID: ReplicaCounts] = [:]
) throws(PlacementRefusal) -> [InitialPlacementPlan] {
  guard !keys.isEmpty else { return [] }
  var placer = try InitialPlacer(nodes, policy: policy, beside: existing)
  let sorted = keys.isSorted ? keys : keys.sorted()
  var plans: [InitialPlacementPlan] = []
  plans.reserveCapacity(sorted.count)
  for key in sorted where plans.last?.shard.key != key {
    plans.append(placer.place(key))
  }
  return plans
}

extension Array where Element: Comparable {
  var isSorted: Bool {
    var previous: Element?
    for element in self {
      if let previous, element < previous { return false }
      previous = element
    }
    return true
  }
}
