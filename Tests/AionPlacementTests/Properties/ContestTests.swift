import AionCatalog
import AionModel
import AionPlacement
import Testing

@Suite("Properties of two maintainers at once, on random clusters")
struct ContestTests {
  @Test("Two maintainers at once never undo each other, lose no quorum, and both come to rest")
  func contest() async throws {
    var changes = 0
    for seed in Seeds.first(600) {
      var cluster = RandomCluster(seed: seed)
      cluster.repair.maxRepairs = max(cluster.repair.maxRepairs, 1)
      let base = InMemoryControlPlane()
      for node in cluster.nodes { try await base.upsertNode(node) }
      for shard in cluster.shards { try await base.upsertShard(shard) }
      let record = TopologyRecord()
      record.note(base.snapshot())
      let setup = cluster
      let quiet = ContestedPlane(base, record)
      let contested = ContestedPlane(base, record, seed: seed) {
        _ = try await Self.pass(setup, on: quiet)
      }
      var passes = 0
      repeat {
        let before = base.snapshot()
        passes += 1
        if try await Self.pass(cluster, on: contested).isEmpty,
          try await Self.pass(cluster, on: quiet).isEmpty
        {
          break
        }
        checkQuorums(before, base.snapshot(), of: cluster)
      } while passes < 1_000
      #expect(passes < 1_000, "no rest; \(cluster.repeatCommand)")
      #expect(record.undone.isEmpty, "\(record.undone); \(cluster.repeatCommand)")
      changes += record.changes
    }
    #expect(changes > 0)
  }

  @Test(
    "Plans of an old view are skipped where another has acted, and carried out where not"
  )
  func oldView() async throws {
    for seed in Seeds.first(600) {
      let cluster = RandomCluster(seed: seed)
      let base = InMemoryControlPlane()
      for node in cluster.nodes { try await base.upsertNode(node) }
      for shard in cluster.shards { try await base.upsertShard(shard) }
      let late = cluster.repairs()
      _ = try await Self.pass(cluster, on: base)
      let before = base.snapshot()
      let outcomes = try await apply(late, on: base)
      for outcome in outcomes {
        let (plan, old) = (outcome.plan, before.shard(outcome.plan.shard))
        let now = base.snapshot().shard(plan.shard)
        let isAsSeen = old?.hasSameReplicas(as: plan.expected) == true
        if outcome.status.isApplied {
          #expect(isAsSeen && now?.hasSameReplicas(as: plan.placements) == true)
        } else {
          #expect(!isAsSeen, "\(outcome.status); \(cluster.repeatCommand)")
          #expect(now == old, cluster.repeatCommand)
        }
      }
    }
  }

  private static func pass(
    _ cluster: RandomCluster, on plane: some ControlPlane
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

  private func checkQuorums(
    _ before: ClusterSnapshot, _ after: ClusterSnapshot, of cluster: RandomCluster
  ) {
    let rules = PlanRules(cluster)
    for shard in before.shards() where rules.hasLiveQuorum(shard.placements) {
      #expect(
        rules.hasLiveQuorum(after.shard(shard.key)?.placements ?? []), cluster.repeatCommand)
    }
  }
}

extension ShardDescriptor {
  fileprivate func hasSameReplicas(as other: [ShardPlacement]) -> Bool {
    let mine = placements.map { "\($0.node) \($0.role)" }.sorted()
    return mine == other.map { "\($0.node) \($0.role)" }.sorted()
  }
}
