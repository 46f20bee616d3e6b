import AionModel
import AionPlacement
import Testing

@Suite("Properties of repairs and promotions on random clusters")
struct RepairPropertyTests {
  @Test("No repair breaks a rule, and no limit is passed")
  func repairs() {
    for seed in Seeds.first(3_000) {
      let cluster = RandomCluster(seed: seed)
      let plans = cluster.repairs()
      checkAll(plans, of: cluster)
    }
  }

  @Test("No promotion breaks a rule, and only caught-up learners are promoted")
  func promotions() {
    for seed in Seeds.first(3_000) {
      let cluster = RandomCluster(seed: seed)
      let plans = cluster.promotions()
      checkAll(plans, of: cluster)
      let rules = PlanRules(cluster)
      for plan in plans {
        let old = rules.shard(plan.shard)
        for voter in plan.placements
        where voter.role.isVoting && old?.placement(on: voter.node)?.role.isVoting != true {
          let key = ReplicaCatchupKey(shard: plan.shard, node: voter.node)
          #expect(cluster.caughtUp.contains(key), cluster.repeatCommand)
        }
      }
    }
  }

  @Test("A new replica stands as far from the others as any candidate could")
  func spread() {
    for seed in Seeds.first(3_000) {
      var cluster = RandomCluster(seed: seed)
      cluster.repair.maxLearnersPerNode = .max
      let rules = PlanRules(cluster)
      let plans = cluster.repairs()
      for plan in plans {
        guard let old = rules.shard(plan.shard),
          let added = plan.placements.first(where: { old.placement(on: $0.node) == nil })?.node
        else { continue }
        let others = neighbours(of: old, rules)
        let reached = rules.sharing(added, with: others)
        for node in cluster.nodes.map(\.id)
        where old.placement(on: node) == nil && rules.isCandidate(node) {
          let possible = rules.sharing(node, with: others)
          let isWorse = possible.lexicographicallyPrecedes(reached)
          #expect(!isWorse, "\(plan), although \(node) is free; \(cluster.repeatCommand)")
        }
      }
    }
  }

  /// From which replicas a new one is to stand apart: voters that stay, and, where learners become
  /// voters, those.
  private func neighbours(of shard: ShardDescriptor, _ rules: PlanRules) -> [NodeID] {
    let cluster = rules.cluster
    return shard.placements.filter { placement in
      guard placement.role.isVoting else {
        return cluster.repair.repairMode == .learnerFirst && rules.isCandidate(placement.node)
      }
      let isReplaced = cluster.repair.replaceDownVoters && !rules.isLive(placement.node)
      return !isReplaced && !rules.isDraining(placement.node)
    }.map(\.node)
  }

  private func checkAll(_ plans: [ReplicaRepairPlan], of cluster: RandomCluster) {
    let rules = PlanRules(cluster)
    #expect(plans.count <= cluster.repair.maxRepairs, cluster.repeatCommand)
    #expect(Set(plans.map(\.shard)).count == plans.count, cluster.repeatCommand)
    for plan in plans {
      let broken = rules.broken(by: plan)
      #expect(broken.isEmpty, "\(plan): \(broken); \(cluster.repeatCommand)")
    }
    guard cluster.repair.repairMode == .learnerFirst else { return }
    let after = cluster.shards.applying(plans)
    for node in cluster.nodes.map(\.id) {
      let others = cluster.others[node]?.learners ?? 0
      let before = cluster.shards.learners(on: node) + others
      let allowed = max(before, cluster.repair.maxLearnersPerNode)
      #expect(after.learners(on: node) + others <= allowed, "\(node); \(cluster.repeatCommand)")
    }
  }
}
