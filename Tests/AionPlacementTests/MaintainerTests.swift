import AionCatalog
import AionModel
import AionPlacement
import Testing

@Suite("The maintainer")
struct MaintainerTests {
  private func maintainer(
    _ settings: [String: String] = ["enabled": "true"], down: Set<NodeID> = []
  ) async throws -> ReplicationMaintainer<InMemoryControlPlane> {
    let plane = InMemoryControlPlane()
    for node in NineNodes.descriptors(down: down) { try await plane.upsertNode(node) }
    try await plane.upsertShard(.voters(["ap-a", "eu-a", "us-a"]))
    var values: [String: String] = [:]
    for (key, value) in settings { values["AIONDB_SHARDING_" + key.uppercased()] = value }
    return ReplicationMaintainer(
      plane: plane, configuration: try ShardingConfiguration(from: [.environment(values)]))
  }

  private func shard(_ plane: InMemoryControlPlane) -> ShardDescriptor? {
    plane.snapshot().shards(in: .default).first
  }

  @Test("A node that goes down is maintained around only when sharding and auto-rebalance are on")
  func markNode() async throws {
    for (enabled, rebalance) in [(true, true), (true, false), (false, true)] {
      let maintainer = try await maintainer(
        ["enabled": "\(enabled)", "auto_rebalance": "\(rebalance)"])
      let outcome = try await maintainer.markNode("us-a", live: false, maintaining: .default)
      #expect(outcome.epoch > .zero)
      #expect((outcome.maintenance != nil) == (enabled && rebalance))
      #expect(shard(maintainer.plane)?.learners.count == (enabled && rebalance ? 1 : 0))
    }
  }

  @Test("A replica that has applied the target is promoted under its application or slot name")
  func progress() async throws {
    let maintainer = try await maintainer(down: ["us-a"])
    try await maintainer.maintain(.default)
    let staged = try #require(shard(maintainer.plane)?.learners.first?.node)
    let behind = ReplicaProgress(applicationName: staged.name, applied: 99)
    let silent = ReplicaProgress(applicationName: staged.name, applied: nil)
    let stranger = ReplicaProgress(
      applicationName: "walreceiver", slotName: staged.name, applied: 100)
    try await maintainer.maintain(.default, replicas: [behind, silent, stranger], target: 100)
    #expect(shard(maintainer.plane)?.learners.count == 1)
    let reached = ReplicaProgress(applicationName: " ", slotName: staged.name, applied: 100)
    let outcome = try await maintainer.maintain(.default, replicas: [reached], target: 100)
    #expect(outcome.promotions.map(\.status.isApplied) == [true])
    #expect(shard(maintainer.plane)?.learners.isEmpty == true)
    #expect(shard(maintainer.plane)?.placement(on: "us-a") == nil)
  }

  @Test("The tick does nothing unless leader, high availability and auto-rebalance are on")
  func tick() async throws {
    for off in 0..<5 {
      let maintainer = try await maintainer(
        ["enabled": "\(off != 1)", "auto_rebalance": "\(off != 2)"], down: ["us-a"])
      let outcome = try await maintainer.tick(
        .default,
        PrimaryState(
          isLeader: off != 3, isHighAvailabilityEnabled: off != 4, replicas: [], target: 0))
      #expect((outcome != nil) == (off == 0), "off \(off)")
    }
  }

  @Test("A drained node is emptied step by step, each shard keeping its voters")
  func drain() async throws {
    let maintainer = try await maintainer()
    let plane = maintainer.plane
    var steps = 0
    var progress = try await maintainer.drain("ap-a", in: .default)
    while !progress.isEmpty, steps < 10 {
      #expect(shard(plane)?.voters.count == 3)
      progress = try await maintainer.drain(
        "ap-a", in: .default, caughtUpNodes: Set(NineNodes.ids))
      steps += 1
    }
    #expect(progress.replicasLeft == 0)
    #expect(shard(plane)?.voters.count == 3)
    #expect(try await maintainer.maintain(.default).isEmpty)
    try await plane.removeNode("ap-a")
    await #expect(throws: ClusterError.unknownNode("ap-a")) {
      try await maintainer.drain("ap-a", in: .default)
    }
  }

  @Test("A drain is known to every maintainer, until it is called off")
  func drainIsShared() async throws {
    let maintainer = try await maintainer()
    let plane = maintainer.plane
    #expect(try await maintainer.drain("ap-a", in: .default).replicasLeft == 1)
    #expect(try await plane.node("ap-a")?.isDraining == true)
    let other = ReplicationMaintainer(plane: plane, configuration: maintainer.configuration)
    try await plane.upsertNode(NodeDescriptor(id: "ap-a", rpcEndpoint: "ap-a:7000"))
    let everybody = Set(NineNodes.ids)
    while try await !other.maintain(.default, caughtUpNodes: everybody).isEmpty {}
    #expect(plane.snapshot().placementCount(on: "ap-a") == 0)
    try await plane.upsertShard(.voters(["ap-a"], number: 1))
    try await other.stopDraining("ap-a")
    while try await !other.maintain(.default, caughtUpNodes: everybody).isEmpty {}
    #expect(shard(plane)?.placement(on: "ap-a") == nil, "what has moved away stays away")
    #expect(plane.snapshot().placementCount(on: "ap-a") == 1)
    await #expect(throws: ClusterError.unknownNode("mars")) {
      try await other.stopDraining("mars")
    }
  }

  @Test("A drained node is not empty while it has replicas of another database")
  func drainCountsAllDatabases() async throws {
    let maintainer = try await maintainer()
    let elsewhere = ShardKey(database: 7, relation: 1, shard: 0)
    try await maintainer.plane.upsertShard(
      ShardDescriptor(
        key: elsewhere, placements: [ShardPlacement(shard: 0, node: "ap-a", role: .leader)]))
    let progress = try await maintainer.drain(
      "ap-a", in: .default, caughtUpNodes: Set(NineNodes.ids))
    #expect(progress.replicasLeft == 2)
    for database in [DatabaseID.default, 7] {
      for _ in 0..<6 {
        try await maintainer.drain("ap-a", in: database, caughtUpNodes: Set(NineNodes.ids))
      }
    }
    #expect(try await maintainer.drain("ap-a", in: 7).isEmpty)
  }

  @Test("On a plane without batches a drain goes its way, counting the maintained database only")
  func drainOnPlainPlane() async throws {
    let batched = try await maintainer()
    let plain = ReplicationMaintainer(
      plane: PlainPlane(base: batched.plane), configuration: batched.configuration)
    var progress = try await plain.drain("ap-a", in: .default)
    for _ in 0..<9 where !progress.isEmpty {
      progress = try await plain.drain("ap-a", in: .default, caughtUpNodes: Set(NineNodes.ids))
    }
    #expect(progress.isEmpty)
    #expect(batched.plane.snapshot().placementCount(on: "ap-a") == 0)
  }

  @Test("Positions print as PostgreSQL prints them")
  func position() {
    #expect("\(ApplyPosition(0x16_B374_D848))" == "16/B374D848")
    #expect("\(ApplyPosition(0))" == "0/0")
  }
}
