import AionModel
import AionPlacement

extension RandomCluster {
  /// What each node carries in all; nil when there are no other databases.
  var load: [NodeID: ReplicaCounts]? {
    others.isEmpty ? nil : others.merging(replicaCounts(of: shards)) { $0 + $1 }
  }

  func repairs() -> [ReplicaRepairPlan] {
    planReplicaRepairs(of: shards, on: nodes, load: load, policy: policy, options: repair)
  }

  func promotions() -> [ReplicaRepairPlan] {
    planLearnerPromotions(
      of: shards, on: nodes, caughtUp: caughtUp, load: load, policy: policy, options: repair)
  }

  func moves() -> [ReplicaRepairPlan] {
    planReplicaBalance(
      of: shards, on: nodes, caughtUp: caughtUp, load: load, policy: policy, repair: repair,
      options: balance)
  }

  func transfers() -> [LeadershipTransferPlan] {
    planLeadershipBalance(of: shards, on: nodes, load: load, policy: policy, options: leadership)
  }

  /// Of as many new shards as there are old ones; none where no node can take any.
  func initial() -> [InitialPlacementPlan] {
    let keys = shards.map { ShardKey(database: 9, relation: 1, shard: $0.key.shard) }
    let plans = try? planInitialPlacements(of: keys, on: nodes, policy: policy, beside: load ?? [:])
    return plans ?? []
  }

  /// Everything that any planner would do.
  func changes() -> [PlannedChange] {
    initial().map { PlannedChange("initial", $0.shard.key, [], $0.shard.placements, "\($0)") }
      + promotions().map { PlannedChange("promotion", $0) }
      + repairs().map { PlannedChange("repair", $0) }
      + moves().map { PlannedChange("move", $0) }
      + transfers().map {
        PlannedChange("transfer", $0.shard, $0.expected, $0.placements, "\($0)")
      }
  }
}

/// One change to one shard, whichever planner makes it.
struct PlannedChange: Equatable {
  let planner: String
  let shard: ShardKey
  /// Empty for a new shard.
  let old: [ShardPlacement]
  let new: [ShardPlacement]
  let words: String

  init(
    _ planner: String, _ shard: ShardKey, _ old: [ShardPlacement], _ new: [ShardPlacement],
    _ words: String
  ) {
    self.planner = planner
    self.shard = shard
    self.old = old
    self.new = new
    self.words = words
  }

  init(_ planner: String, _ plan: ReplicaRepairPlan) {
    self.init(planner, plan.shard, plan.expected, plan.placements, "\(plan)")
  }

  /// Replicas, and voters among old replicas, that were not so before.
  var newcomers: [ShardPlacement] {
    new.filter { placement in
      let before = old.first { $0.node == placement.node }
      return before == nil || (placement.role.isVoting && before?.role.isVoting == false)
    }
  }

  func voters(_ placements: [ShardPlacement]) -> [NodeID] {
    placements.filter(\.role.isVoting).map(\.node)
  }
}
