import AionModel
import AionPlacement
import Testing

@Suite("Properties of balancing on random clusters")
struct BalancePropertyTests {
  @Test("Only live voters of shards with a quorum become leaders, and every failover is planned")
  func leadership() {
    for seed in Seeds.first(3_000) {
      let cluster = RandomCluster(seed: seed)
      let rules = PlanRules(cluster)
      let plans = cluster.transfers()
      #expect(Set(plans.map(\.shard)).count == plans.count, cluster.repeatCommand)
      let failovers = plans.filter { !rules.isLive($0.from) }
      #expect(plans.count - failovers.count <= cluster.leadership.maxTransfers)
      let headless = cluster.shards.filter { shard in
        rules.hasLiveQuorum(shard.placements)
          && shard.leader.map { !rules.isLive($0.node) } ?? false
      }
      #expect(Set(failovers.map(\.shard)) == Set(headless.map(\.key)), cluster.repeatCommand)
      for plan in plans {
        let shard = rules.shard(plan.shard)
        #expect(shard?.leader?.node == plan.from, cluster.repeatCommand)
        #expect(shard?.placement(on: plan.to)?.role == .follower, cluster.repeatCommand)
        #expect(rules.isLive(plan.to), cluster.repeatCommand)
        #expect(rules.hasLiveQuorum(plan.expected), cluster.repeatCommand)
        let leaders = plan.placements.filter { $0.role == .leader }
        #expect(leaders.map(\.node) == [plan.to], cluster.repeatCommand)
        #expect(
          plan.placements.filter { $0.role == .learner } == shard?.learners, cluster.repeatCommand)
      }
    }
  }

  @Test("Leadership for load or preference never goes against a more important preference")
  func leasePreferences() {
    for seed in Seeds.first(2_000) {
      let cluster = RandomCluster(seed: seed)
      let rules = PlanRules(cluster)
      let preferences = cluster.policy.leasePreferences
      func rank(_ node: NodeID) -> Int {
        preferences.firstIndex { cluster.policy.satisfies($0, on: node) } ?? preferences.count
      }
      let plans = cluster.transfers()
      for plan in plans {
        switch plan.reason {
        case .leaderDown, .leaderDraining: continue
        case .leasePreference:
          #expect(rank(plan.to) < rank(plan.from), "\(plan); \(cluster.repeatCommand)")
        case .unevenLoad(let from, let to):
          #expect(from - to >= max(2, cluster.leadership.minLoadDelta), cluster.repeatCommand)
          #expect(
            rules.isDraining(plan.from) || cluster.nodes.allSatisfy { $0.id != plan.from }
              || rank(plan.to) <= rank(plan.from), "\(plan); \(cluster.repeatCommand)")
        }
      }
    }
  }

  @Test("No replica move breaks a rule, brings voters closer together or passes a limit")
  func replicaMoves() {
    for seed in Seeds.first(3_000) {
      let cluster = RandomCluster(seed: seed)
      let rules = PlanRules(cluster)
      let plans = cluster.moves()
      #expect(plans.count <= cluster.balance.maxMoves, cluster.repeatCommand)
      #expect(Set(plans.map(\.shard)).count == plans.count, cluster.repeatCommand)
      for plan in plans {
        let broken = rules.broken(by: plan).filter { !$0.hasPrefix("the live") }
        #expect(broken.isEmpty, "\(plan): \(broken); \(cluster.repeatCommand)")
        let before = rules.pairsSharing(plan.expected.filter(\.role.isVoting).map(\.node))
        let after = rules.pairsSharing(plan.placements.filter(\.role.isVoting).map(\.node))
        #expect(
          !before.lexicographicallyPrecedes(after), "\(plan), spread; \(cluster.repeatCommand)")
        #expect(plan.handover == nil, cluster.repeatCommand)
      }
    }
  }
}
