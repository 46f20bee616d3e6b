import AionCatalog
import AionModel
import AionPlacement
import Testing

@Suite("Properties of maintenance on random clusters")
struct MaintenancePropertyTests {
  @Test(
    "Maintenance comes to rest, no shard loses its quorum on the way, and then nothing is planned")
  func fixedPoint() async throws {
    for seed in Seeds.first(1_000) {
      var cluster = RandomCluster(seed: seed)
      cluster.repair.maxRepairs = max(cluster.repair.maxRepairs, 1)
      let plane = try await plane(of: cluster)
      var passes = 0
      while true {
        let before = try await plane.shards(in: .default)
        let outcome = try await maintain(cluster, on: plane)
        if outcome.isEmpty { break }
        passes += 1
        try await checkQuorums(before, on: plane, of: cluster)
        guard passes < 1_000 else {
          Issue.record("no rest after \(passes) passes, last \(outcome); \(cluster.repeatCommand)")
          break
        }
      }
      #expect(try await maintain(cluster, on: plane).isEmpty, cluster.repeatCommand)
    }
  }

  @Test("After failures one by one, each mended, every shard has its full factor again")
  func restoresFactor() async throws {
    for seed in Seeds.first(500) {
      var cluster = RandomCluster(seed: seed)
      try place(&cluster)
      guard cluster.policy.replicationFactor >= 3 else { continue }
      let plane = try await plane(of: cluster)
      for victim in cluster.nodes.map(\.id).shuffled(using: &cluster.chance) {
        if try await plane.liveNodes().count <= max(cluster.policy.replicationFactor, 3) { break }
        try await plane.markNode(victim, live: false)
        try await settle(cluster, on: plane) {}
        let status = ReplicationStatusSnapshot(
          of: try await plane.shards(in: .default), on: try await plane.nodes(),
          replicationFactor: cluster.policy.replicationFactor)
        #expect(status.isFullyReplicated, "after \(victim); \(cluster.repeatCommand)")
        #expect(status.shardsWithoutLiveQuorum == 0, cluster.repeatCommand)
      }
    }
  }

  @Test("After any failures that leave quorums and enough nodes, every shard has its factor again")
  func survivesFailures() async throws {
    var failures = 0
    for seed in Seeds.first(400) {
      var cluster = RandomCluster(seed: seed)
      try place(&cluster)
      let plane = try await plane(of: cluster)
      var chance = cluster.chance.split()
      for _ in 0..<chance.number(in: 1...12) {
        let nodes = try await plane.nodes()
        let node = chance.one(of: nodes)
        if !node.isLive {
          try await plane.markNode(node.id, live: true)
        } else if try await mayFail(node.id, on: plane, of: cluster) {
          failures += 1
          try await plane.markNode(node.id, live: false)
        }
        for _ in 0..<chance.number(in: 0...2) {
          _ = try await maintain(cluster, on: plane, caughtUpOneIn: 2, &chance)
        }
      }
      try await settle(cluster, on: plane) {}
      let status = ReplicationStatusSnapshot(
        of: try await plane.shards(in: .default), on: try await plane.nodes(),
        replicationFactor: cluster.policy.replicationFactor)
      #expect(status.isFullyReplicated, cluster.repeatCommand)
    }
    #expect(failures > 0)
  }

  /// Whether every shard keeps a live quorum, and every voter finds a place, without the node.
  private func mayFail(
    _ node: NodeID, on plane: InMemoryControlPlane, of cluster: RandomCluster
  ) async throws -> Bool {
    let live = Set(try await plane.liveNodes().map(\.id)).subtracting([node])
    guard live.count >= cluster.policy.replicationFactor else { return false }
    return try await plane.shards(in: .default).allSatisfy { shard in
      shard.voters.count { live.contains($0.node) } > shard.voters.count / 2
    }
  }

  @Test("A node that is drained ends up empty, and no shard is ever short of its factor")
  func drains() async throws {
    for seed in Seeds.first(500) {
      var cluster = RandomCluster(seed: seed)
      try place(&cluster)
      let leaving = cluster.chance.one(of: cluster.nodes).id
      guard cluster.nodes.count > cluster.policy.replicationFactor else { continue }
      let plane = try await plane(of: cluster)
      try await plane.markNode(leaving, draining: true)
      try await settle(cluster, on: plane) {
        for shard in try await plane.shards(in: .default) {
          #expect(shard.voters.count >= cluster.policy.replicationFactor, cluster.repeatCommand)
          #expect(PlanRules(cluster).hasLiveQuorum(shard.placements), cluster.repeatCommand)
        }
      }
      #expect(plane.snapshot().placementCount(on: leaving) == 0, cluster.repeatCommand)
      try await plane.removeNode(leaving)
    }
  }

  /// Passes until nothing is planned, with a look after each.
  private func settle(
    _ cluster: RandomCluster, on plane: InMemoryControlPlane, look: () async throws -> Void
  ) async throws {
    for _ in 0..<400 {
      if try await maintain(cluster, on: plane).isEmpty { return }
      try await look()
    }
    Issue.record("no rest; \(cluster.repeatCommand)")
  }

  /// One pass with some of the learners caught up.
  private func maintain(
    _ cluster: RandomCluster, on plane: InMemoryControlPlane, caughtUpOneIn all: Int,
    _ chance: inout SplitMix64
  ) async throws -> ReplicationMaintenanceOutcome {
    let keys = caughtUpLearnerKeys(
      of: try await plane.shards(in: .default), on: try await plane.nodes(),
      forLiveNodes: Set(cluster.nodes.map(\.id)))
    let caughtUp = keys.sorted().filter { _ in chance.draws(1, in: all) }
    return try await maintainReplication(
      of: .default, on: plane, caughtUpLearners: Set(caughtUp), policy: cluster.policy,
      options: ReplicationMaintenanceOptions(
        repair: cluster.repair, leadership: cluster.leadership))
  }

  /// One pass with every learner caught up.
  private func maintain(
    _ cluster: RandomCluster, on plane: InMemoryControlPlane
  ) async throws -> ReplicationMaintenanceOutcome {
    let (shards, nodes) = (try await plane.shards(in: .default), try await plane.nodes())
    return try await maintainReplication(
      of: .default, on: plane,
      caughtUpLearners: caughtUpLearnerKeys(
        of: shards, on: nodes, forLiveNodes: Set(nodes.map(\.id))),
      policy: cluster.policy,
      options: ReplicationMaintenanceOptions(
        repair: cluster.repair, leadership: cluster.leadership,
        replicaBalance: cluster.seed.isMultiple(of: 2) ? cluster.balance : nil))
  }

  private func plane(of cluster: RandomCluster) async throws -> InMemoryControlPlane {
    let plane = InMemoryControlPlane()
    for node in cluster.nodes { try await plane.upsertNode(node) }
    for shard in cluster.shards { try await plane.upsertShard(shard) }
    return plane
  }

  /// All nodes live and fit, enough limits, and the shards placed by the planner.
  private func place(_ cluster: inout RandomCluster) throws {
    for index in cluster.nodes.indices {
      cluster.nodes[index].isLive = true
      cluster.nodes[index].isDraining = false
    }
    cluster.policy.requiredAttributes = []
    cluster.policy.replicationFactor = min(cluster.policy.replicationFactor, cluster.nodes.count)
    cluster.repair.replaceDownVoters = true
    cluster.repair.maxRepairs = 1_000
    cluster.repair.maxLearnersPerShard = max(1, cluster.repair.maxLearnersPerShard)
    cluster.repair.maxLearnersPerNode = max(1, cluster.repair.maxLearnersPerNode)
    cluster.shards = try planInitialPlacements(
      of: cluster.shards.map(\.key), on: cluster.nodes, policy: cluster.policy
    ).map(\.shard)
  }

  private func checkQuorums(
    _ before: [ShardDescriptor], on plane: InMemoryControlPlane, of cluster: RandomCluster
  ) async throws {
    let rules = PlanRules(cluster)
    for shard in before where rules.hasLiveQuorum(shard.placements) {
      let now = plane.snapshot().shard(shard.key)
      #expect(rules.hasLiveQuorum(now?.placements ?? []), cluster.repeatCommand)
    }
  }
}
