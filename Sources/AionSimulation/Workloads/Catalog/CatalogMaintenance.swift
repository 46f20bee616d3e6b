import AionCatalog
import AionModel
import AionPlacement

/// One client keeps the shards replicated as `maintainReplication` does: it looks, plans, and has
/// its plans carried out in one entry, which is refused when anything has moved on meanwhile.
struct CatalogMaintenance {
  private var seen: ClusterSnapshot?
  private var plans: [ReplicaRepairPlan] = []
  private var nodes: [NodeDescriptor] = []
  private let options: ReplicaRepairOptions
  private let policy = ReplicaPlacementPolicy(replicationFactor: 3)

  init(_ chance: inout SplitMix64) {
    options = ReplicaRepairOptions(
      maxRepairs: 8, repairMode: chance.below(2) == 0 ? .directVoter : .learnerFirst)
  }

  mutating func look(_ snapshot: ClusterSnapshot) { seen = snapshot }

  /// What shall be done; nil when it has to look first, or nothing is to be done.
  mutating func batch(_ chance: inout SplitMix64) -> CommandBatch? {
    guard let snapshot = seen else { return nil }
    seen = nil
    nodes = snapshot.nodes()
    let shards = Array(snapshot.shards())
    plans = repairs(of: shards, &chance)
    var changes = plans.map { ($0.shard, $0.placements, $0.expected) }
    if changes.isEmpty {
      changes = planLeadershipBalance(of: shards, on: nodes, policy: policy)
        .map { ($0.shard, $0.placements, $0.expected) }
    }
    guard !changes.isEmpty else { return nil }
    return CommandBatch(
      changes.map { .updatePlacement($0, to: $1, expecting: $2) },
      placementEpoch: snapshot.placementEpoch)
  }

  private func repairs(
    of shards: [ShardDescriptor], _ chance: inout SplitMix64
  ) -> [ReplicaRepairPlan] {
    // Which learners have caught up is nothing that this world knows.
    let caughtUp = caughtUpLearnerKeys(
      of: shards, on: nodes, forLiveNodes: Set(nodes.filter(\.isLive).map(\.id)))
    if chance.below(2) == 0 {
      let promotions = planLearnerPromotions(
        of: shards, on: nodes, caughtUp: caughtUp, policy: policy, options: options)
      if !promotions.isEmpty { return promotions }
    }
    return planReplicaRepairs(of: shards, on: nodes, policy: policy, options: options)
  }

  /// What is wrong with plans that were carried out, on the very state that they were made for.
  mutating func complaint() -> String? {
    defer { plans = [] }
    for plan in plans {
      if plan.placements.count(where: { $0.role == .leader }) != 1 {
        return "the plan for \(plan.shard) has not one leader"
      }
      if hasLiveQuorum(plan.expected), !hasLiveQuorum(plan.placements) {
        return "the plan for \(plan.shard) takes its live quorum away"
      }
    }
    return nil
  }

  private func hasLiveQuorum(_ placements: [ShardPlacement]) -> Bool {
    let voters = placements.filter(\.role.isVoting)
    let live = voters.count { voter in
      nodes.first { $0.id == voter.node }?.isLive ?? true
    }
    return live * 2 > voters.count
  }
}
