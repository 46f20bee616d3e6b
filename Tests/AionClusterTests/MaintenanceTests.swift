import AionCluster
import Testing

@Suite("Maintenance of a durable control plane")
struct MaintenanceTests {
  private static let nodes = ["a", "b", "c", "d", "e"] as [NodeID]
  private static let shards: UInt32 = 6

  private static var configuration: ShardingConfiguration {
    get throws {
      try ShardingConfiguration(
        from: [
          .environment([
            "AIONDB_SHARDING_ENABLED": "true", "AIONDB_SHARDING_MAX_LEARNERS_PER_NODE": "1",
          ])
        ])
    }
  }

  /// Five nodes; the shards' voters are on the first three.
  private func found(_ plane: DurableControlPlane) async throws {
    for node in Self.nodes {
      try await plane.upsertNode(NodeDescriptor(id: node, rpcEndpoint: "\(node):7432"))
    }
    for number in 0..<Self.shards {
      let key = ShardKey(database: .default, relation: 16_384, shard: ShardID(number))
      let placements = Self.nodes.prefix(3).map { node in
        ShardPlacement(shard: key.shard, node: node, role: node == "a" ? .leader : .follower)
      }
      try await plane.upsertShard(ShardDescriptor(key: key, placements: placements))
    }
  }

  private func checkShards(of plane: DurableControlPlane) {
    let shards = plane.snapshot().shards(in: .default)
    #expect(shards.count == Int(Self.shards))
    for shard in shards {
      #expect(shard.voters.count == 3, "\(shard)")
      #expect(shard.placements.filter { $0.role == .leader }.count == 1, "\(shard)")
      #expect(Set(shard.placements.map(\.node)).count == shard.placements.count, "\(shard)")
    }
  }

  @Test("A drain goes on where it was when the plane is opened again, by any maintainer")
  func drainAcrossReopening() async throws {
    let folder = try DataFolder()
    let configuration = try Self.configuration
    var plane = try await folder.open(.small)
    try await found(plane)
    var maintainer = ReplicationMaintainer(plane: plane, configuration: configuration)
    try await maintainer.drain("a", in: .default)
    checkShards(of: plane)
    #expect(plane.snapshot().placementCount(on: "a") > 0, "one pass stages learners only")
    var openings = 0
    repeat {
      let digest = plane.snapshot().digest
      await plane.close()
      plane = try await folder.open(.small)
      openings += 1
      #expect(plane.snapshot().digest == digest)
      #expect(plane.snapshot().node("a")?.isDraining == true)
      maintainer = ReplicationMaintainer(plane: plane, configuration: configuration)
      // Nobody says `drain` again: the catalog remembers it.
      try await maintainer.maintain(.default, caughtUpNodes: Set(Self.nodes))
      checkShards(of: plane)
    } while plane.snapshot().placementCount(on: "a") > 0 && openings < 20
    #expect(plane.snapshot().placementCount(on: "a") == 0)
    #expect(openings > 1)
    while try await !maintainer.maintain(.default, caughtUpNodes: Set(Self.nodes)).isEmpty {}
    try await plane.removeNode("a")
    await plane.close()
    plane = try await folder.open()
    #expect(plane.snapshot().node("a") == nil)
    checkShards(of: plane)
    await plane.close()
  }

  @Test("Two maintainers at once leave every shard whole, and then plan nothing, opened again too")
  func twoAtOnce() async throws {
    let folder = try DataFolder()
    let configuration = try Self.configuration
    let plane = try await folder.open(.small)
    try await found(plane)
    try await plane.markNode("c", live: false)
    let outcomes = try await withThrowingTaskGroup(of: [ReplicaRepairOutcome].self) { group in
      for _ in 0..<2 {
        group.addTask {
          let maintainer = ReplicationMaintainer(plane: plane, configuration: configuration)
          var repairs: [ReplicaRepairOutcome] = []
          for _ in 0..<50 {
            let live = Set(Self.nodes).subtracting(["c"])
            let outcome = try await maintainer.maintain(.default, caughtUpNodes: live)
            if outcome.isEmpty { break }
            repairs += outcome.repairs
          }
          return repairs
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(outcomes.filter(\.status.isApplied).count >= Int(Self.shards))
    checkShards(of: plane)
    #expect(plane.snapshot().placementCount(on: "c") == 0)
    let digest = plane.snapshot().digest
    await plane.close()

    let again = try await folder.open()
    #expect(again.snapshot().digest == digest)
    let maintainer = ReplicationMaintainer(plane: again, configuration: configuration)
    let rest = try await maintainer.maintain(
      .default, caughtUpNodes: Set(Self.nodes).subtracting(["c"]))
    #expect(rest.isEmpty)
    await again.close()
  }
}
