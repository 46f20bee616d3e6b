import AionCatalog
import AionModel
import AionPlacement
import Testing

@Suite("The load of the whole cluster")
struct ClusterLoadTests {
  /// One shard on three nodes of `ap` and `eu`, and what other databases have on `us-a` and `us-b`.
  private let own = ShardDescriptor.voters(["ap-a", "eu-a", "us-c"])
  private let others: [NodeID: ReplicaCounts] = [
    "us-a": ReplicaCounts(followers: 9), "us-b": ReplicaCounts(learners: 8),
    "eu-a": ReplicaCounts(leaders: 40, followers: 1), "ap-a": ReplicaCounts(leaders: 41),
  ]

  private var load: [NodeID: ReplicaCounts] {
    others.merging(replicaCounts(of: [own])) { $0 + $1 }
  }

  @Test("A repair goes to the node with the least of all databases, and says how much that is")
  func repair() throws {
    let nodes = NineNodes.descriptors(down: ["us-c"])
    let plans = planReplicaRepairs(
      of: [own], on: nodes, load: load, policy: NineNodes.policy())
    #expect(plans.map(\.description).first?.contains("us-b (8 replicas") == true)
    let full = planReplicaRepairs(
      of: [own], on: nodes, load: load, policy: NineNodes.policy(),
      options: ReplicaRepairOptions(repairMode: .learnerFirst, maxLearnersPerNode: 8))
    #expect(full.map(\.description).first?.contains("us-a (9 replicas") == true)
  }

  @Test("A failover goes to the node that leads fewest of all databases")
  func failover() {
    let plans = planLeadershipBalance(
      of: [own], on: NineNodes.descriptors(down: ["ap-a"]),
      load: load.merging(["us-c": ReplicaCounts(leaders: 41, followers: 1)]) { $1 },
      policy: NineNodes.policy())
    #expect(plans.map(\.to) == ["eu-a"])
  }

  @Test("Leaders leave a node that leads much of other databases")
  func leadership() {
    let plans = planLeadershipBalance(
      of: [own], on: NineNodes.descriptors(), load: load, policy: NineNodes.policy())
    #expect(plans.map(\.to) == ["us-c"])
    #expect(plans.first.map { "\($0)" }?.hasSuffix("they lead 42 and 0 shards") == true)
    #expect(planLeadershipBalance(of: [own], on: NineNodes.descriptors()).isEmpty)
  }

  @Test("Replicas leave a node that carries much of other databases")
  func replicas() {
    let plans = planReplicaBalance(
      of: [own], on: NineNodes.descriptors(), load: load, policy: NineNodes.policy())
    #expect(plans.count == 1)
    #expect(plans.first?.placements.contains { $0.node == "eu-a" } == false)
    #expect(
      planReplicaBalance(of: [own], on: NineNodes.descriptors(), policy: NineNodes.policy())
        .isEmpty)
  }

  @Test("A shard that is missing from the totals counts all the same")
  func staleTotals() {
    let plans = planLeadershipBalance(
      of: (0..<4).map { .voters(["ap-a", "eu-a", "us-a"], number: $0) },
      on: NineNodes.descriptors(), load: [:], policy: NineNodes.policy())
    #expect(plans.count == 2)
  }

  @Test("Maintenance of one database sees the replicas of the others")
  func maintenance() async throws {
    let plane = InMemoryControlPlane()
    for node in NineNodes.descriptors(down: ["us-c"]) { try await plane.upsertNode(node) }
    try await plane.upsertShard(own)
    for number in 0..<9 as Range<UInt32> {
      let key = ShardKey(database: 7, relation: 1, shard: ShardID(number))
      try await plane.upsertShard(
        ShardDescriptor(
          key: key,
          placements: [ShardPlacement(shard: key.shard, node: "us-a", role: .leader)]))
    }
    _ = try await maintainReplication(of: .default, on: plane, policy: NineNodes.policy())
    #expect(plane.snapshot().shard(own.key)?.nodes == ["ap-a", "eu-a", "us-b"])
  }

  @Test("Databases that are maintained in turn bring the loads of the nodes together and rest")
  func inTurn() async throws {
    let plane = InMemoryControlPlane()
    for node in NineNodes.descriptors() { try await plane.upsertNode(node) }
    let databases: [DatabaseID] = [1, 5]
    for database in databases {
      for number in 0..<12 as Range<UInt32> {
        let key = ShardKey(database: database, relation: 1, shard: ShardID(number))
        let nodes: [NodeID] = ["ap-a", "eu-a", "us-a"]
        try await plane.upsertShard(
          ShardDescriptor(
            key: key,
            placements: nodes.map {
              ShardPlacement(shard: key.shard, node: $0, role: $0 == "ap-a" ? .leader : .follower)
            }))
      }
    }
    var passes = 0
    var isAtRest = false
    while !isAtRest, passes < 100 {
      isAtRest = true
      for database in databases {
        let outcome = try await maintainReplication(
          of: database, on: plane, policy: NineNodes.policy(),
          options: ReplicationMaintenanceOptions(replicaBalance: ReplicaBalanceOptions()))
        if !outcome.isEmpty { isAtRest = false }
      }
      passes += 1
    }
    #expect(isAtRest)
    let counts = plane.snapshot().replicaCounts().map(\.counts)
    #expect(counts.map(\.total).max() == 8 && counts.map(\.total).min() == 8, "\(counts)")
    #expect((counts.map(\.leaders).max() ?? 0) <= 3, "\(counts)")
  }
}
