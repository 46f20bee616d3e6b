import AionModel
import AionPlacement
import Testing

/// Each promise that the planners make, on thousands of clusters, for whatever any of them plans.
/// That maintenance comes to rest, restores the factor and drains is in `MaintenancePropertyTests`,
/// that two maintainers do not undo each other in `ContestTests`.
@Suite("Properties that every planner promises, on random clusters")
struct PromiseTests {
  private func forEachChange(
    seeds: Int = 2_000, _ check: (PlannedChange, PlanRules) -> String?
  ) {
    var checked = 0
    for seed in Seeds.first(seeds) {
      let cluster = RandomCluster(seed: seed)
      let rules = PlanRules(cluster)
      for change in cluster.changes() {
        checked += 1
        if let broken = check(change, rules) {
          Issue.record("\(broken): \(change.words); \(cluster.repeatCommand)")
        }
      }
    }
    #expect(checked > 0)
  }

  @Test("No plan leaves a shard without a live voting quorum, or touches one that has none")
  func quorum() {
    forEachChange { change, rules in
      if !change.old.isEmpty, !rules.hasLiveQuorum(change.old) { return "had no quorum" }
      return rules.hasLiveQuorum(change.new) ? nil : "has no quorum"
    }
  }

  @Test("No node has two replicas of a shard")
  func noNodeTwice() {
    forEachChange { change, _ in
      Set(change.new.map(\.node)).count == change.new.count ? nil : "a node twice"
    }
  }

  @Test("A shard has exactly one leader, a live one that voted before")
  func oneLeader() {
    forEachChange { change, rules in
      let leaders = change.new.filter { $0.role == .leader }
      guard leaders.count == 1, let leader = leaders.first?.node else {
        return "\(leaders.count) leaders"
      }
      guard rules.isLive(leader) else { return "a down leader" }
      let votedBefore = change.voters(change.old).contains(leader)
      return change.old.isEmpty || votedBefore ? nil : "\(leader) did not vote before"
    }
  }

  @Test("A replica comes only to a live, registered node in service with every required attribute")
  func requiredAttributes() {
    forEachChange { change, rules in
      change.newcomers.first { !rules.isCandidate($0.node) }.map { "\($0.node) is not fit" }
    }
  }

  @Test("Spread is never worse than before while a node is free that would keep it")
  func spread() {
    forEachChange { change, rules in
      let (before, after) = (change.voters(change.old), change.voters(change.new))
      let new = after.filter { !before.contains($0) }
      let gone = before.filter { !after.contains($0) }
      guard new.count == 1, gone.count == 1 else { return nil }
      let staying = before.filter { $0 != gone[0] && rules.stays($0, planner: change.planner) }
      let old = rules.sharing(gone[0], with: staying)
      guard old.lexicographicallyPrecedes(rules.sharing(new[0], with: staying)) else { return nil }
      let better = rules.alternatives(to: change).first { node in
        !old.lexicographicallyPrecedes(rules.sharing(node, with: staying))
      }
      return better.map { "\($0) would keep the spread" }
    }
  }

  @Test("No limit is passed: plans of a pass, replicas and learners of a shard, learners of a node")
  func limits() {
    for seed in Seeds.first(2_000) {
      let cluster = RandomCluster(seed: seed)
      let rules = PlanRules(cluster)
      let failovers = cluster.transfers().count { !rules.isLive($0.from) }
      #expect(cluster.repairs().count <= cluster.repair.maxRepairs, cluster.repeatCommand)
      #expect(cluster.promotions().count <= cluster.repair.maxRepairs, cluster.repeatCommand)
      #expect(cluster.moves().count <= cluster.balance.maxMoves, cluster.repeatCommand)
      #expect(
        cluster.transfers().count - failovers <= cluster.leadership.maxTransfers,
        cluster.repeatCommand)
      for plans in [cluster.repairs(), cluster.promotions(), cluster.moves()] {
        #expect(Set(plans.map(\.shard)).count == plans.count, cluster.repeatCommand)
        checkLearners(plans, of: cluster)
      }
      for change in cluster.changes() {
        #expect(change.new.count <= PlacementLimits.placementsPerShard)
        #expect(
          !change.old.isEmpty || change.new.count <= cluster.policy.replicationFactor,
          cluster.repeatCommand)
      }
    }
  }

  private func checkLearners(_ plans: [ReplicaRepairPlan], of cluster: RandomCluster) {
    for plan in plans {
      let before = plan.expected.count { $0.role == .learner }
      let after = plan.placements.count { $0.role == .learner }
      #expect(
        after <= max(before, cluster.repair.maxLearnersPerShard),
        "\(plan); \(cluster.repeatCommand)")
    }
    guard cluster.repair.repairMode == .learnerFirst else { return }
    let after = cluster.shards.applying(plans)
    for node in cluster.nodes.map(\.id) {
      let others = cluster.others[node]?.learners ?? 0
      let before = cluster.shards.learners(on: node) + others
      #expect(
        after.learners(on: node) + others <= max(before, cluster.repair.maxLearnersPerNode),
        "\(node); \(cluster.repeatCommand)")
    }
  }

  @Test("The order of nodes, shards and placements in the input does not show in any plan")
  func order() {
    for seed in Seeds.first(2_000) {
      let cluster = RandomCluster(seed: seed)
      var shuffled = cluster
      shuffled.nodes.shuffle(using: &shuffled.chance)
      shuffled.shards = cluster.shards
        .map {
          ShardDescriptor(
            key: $0.key, placements: $0.placements.shuffled(using: &shuffled.chance))
        }
        .shuffled(using: &shuffled.chance)
      shuffled.others = Dictionary(
        uniqueKeysWithValues: cluster.others.map { ($0, $1) }.shuffled(using: &shuffled.chance))
      #expect(shuffled.changes() == cluster.changes(), cluster.repeatCommand)
    }
  }
}
