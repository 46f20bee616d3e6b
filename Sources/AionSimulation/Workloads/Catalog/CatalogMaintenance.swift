import AionCatalog
import AionModel
import AionPlacement

/// One client keeps the shards replicated as `maintainReplication` does: it looks, plans, and has
/// its plans carried out in one entry, which is refused when anything has moved on meanwhile.
struct CatalogMaintenance {
  private var seen: ClusterSnapshot?
  private var plans = Plans()
  private var nodes: [NodeDescriptor] = []
  /// Two answers to the same question.
  private(set) var disagreement: String?
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
    let promotes = chance.below(2) == 0
    plans = makePlans(of: shards, on: nodes, promotes: promotes)
    // A planner says that the order of what it is given does not matter.
    let others = makePlans(of: shards.reversed(), on: nodes.reversed(), promotes: promotes)
    if others != plans { disagreement = "the plans are \(plans), or else \(others)" }
    guard !plans.changes.isEmpty else { return nil }
    return CommandBatch(
      plans.changes.map { .updatePlacement($0.shard, to: $0.placements, expecting: $0.expected) },
      placementEpoch: snapshot.placementEpoch)
  }

  /// Repairs, or moves of leaders where there is nothing to repair.
  private struct Plans: Hashable {
    var repairs: [ReplicaRepairPlan] = []
    var changes: [Change] = []
  }

  private struct Change: Hashable {
    var shard: ShardKey
    var placements: [ShardPlacement]
    var expected: [ShardPlacement]
  }

  private func makePlans(
    of shards: [ShardDescriptor], on nodes: [NodeDescriptor], promotes: Bool
  ) -> Plans {
    let repairs = repairs(of: shards, on: nodes, promotes: promotes)
    var changes = repairs.map {
      Change(shard: $0.shard, placements: $0.placements, expected: $0.expected)
    }
    if changes.isEmpty {
      changes = planLeadershipBalance(of: shards, on: nodes, policy: policy).map {
        Change(shard: $0.shard, placements: $0.placements, expected: $0.expected)
      }
    }
    return Plans(repairs: repairs, changes: changes)
  }

  private func repairs(
    of shards: [ShardDescriptor], on nodes: [NodeDescriptor], promotes: Bool
  ) -> [ReplicaRepairPlan] {
    if promotes {
      // Which learners have caught up is nothing that this world knows.
      let caughtUp = caughtUpLearnerKeys(
        of: shards, on: nodes, forLiveNodes: Set(nodes.filter(\.isLive).map(\.id)))
      let promotions = planLearnerPromotions(
        of: shards, on: nodes, caughtUp: caughtUp, policy: policy, options: options)
      if !promotions.isEmpty { return promotions }
    }
    return planReplicaRepairs(of: shards, on: nodes, policy: policy, options: options)
  }

  /// What is wrong with plans that were carried out, on the very state that they were made for.
  mutating func complaint() -> String? {
    defer { plans = Plans() }
    for plan in plans.repairs {
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
