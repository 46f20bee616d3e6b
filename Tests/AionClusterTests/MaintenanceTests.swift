import AionCluster
import Testing

@Suite("Maintenance on a durable control plane")
struct MaintenanceTests {
  private let nodes: [NodeID] = ["eu-a", "eu-b", "us-a", "us-b"]
  private let keys = (0..<6 as Range<UInt32>).map {
    ShardKey(database: .default, relation: 16_384, shard: ShardID($0))
  }

  private func configuration() throws -> ShardingConfiguration {
    try ShardingConfiguration(from: [
      .environment([
        "AIONDB_SHARDING_ENABLED": "true", "AIONDB_SHARDING_REPLICATION_FACTOR": "3",
        "AIONDB_SHARDING_NODE_ATTRIBUTES": nodes.map { "\($0):region=\($0.name.prefix(2))" }
          .joined(separator: ","),
        "AIONDB_SHARDING_PLACEMENT_SPREAD_ATTRIBUTES": "region",
      ])
    ])
  }

  private func maintainer(
    _ folder: DataFolder
  ) async throws -> ReplicationMaintainer<DurableControlPlane> {
    ReplicationMaintainer(plane: try await folder.open(), configuration: try configuration())
  }

  private func place(on maintainer: ReplicationMaintainer<DurableControlPlane>) async throws {
    for node in nodes {
      try await maintainer.plane.upsertNode(NodeDescriptor(id: node, rpcEndpoint: "\(node):7400"))
    }
    let plans = try planInitialPlacements(
      of: keys, on: try await maintainer.plane.nodes(), policy: maintainer.configuration.policy)
    for plan in plans { try await maintainer.plane.upsertShard(plan.shard) }
  }

  @Test("A drain goes on where it was after the plane was closed and opened again")
  func drainSurvives() async throws {
    let folder = try DataFolder()
    var maintainer = try await maintainer(folder)
    try await place(on: maintainer)
    let first = try await maintainer.drain("eu-b", in: .default)
    #expect(first.replicasLeft > 0 && !first.maintenance.repairs.isEmpty)
    await maintainer.plane.close()

    maintainer = try await self.maintainer(folder)
    #expect(try await maintainer.plane.node("eu-b")?.isDraining == true)
    var passes = 0
    while try await !maintainer.maintain(.default, caughtUpNodes: Set(nodes)).isEmpty {
      passes += 1
      try #require(passes < 20)
      for shard in try await maintainer.plane.shards(in: .default) {
        #expect(shard.voters.count == 3)
      }
    }
    await maintainer.plane.close()

    maintainer = try await self.maintainer(folder)
    #expect(maintainer.plane.snapshot().placementCount(on: "eu-b") == 0)
    try await maintainer.plane.removeNode("eu-b")
    #expect(try await maintainer.maintain(.default).isEmpty)
    await maintainer.plane.close()
  }

  @Test("Two maintainers in two tasks mend a durable plane together, each shard once")
  func twoTasks() async throws {
    let folder = try DataFolder()
    let maintainer = try await maintainer(folder)
    try await place(on: maintainer)
    try await maintainer.plane.markNode("us-b", live: false)
    let everybody = Set(nodes)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      for _ in 0..<2 {
        tasks.addTask {
          while try await !maintainer.maintain(.default, caughtUpNodes: everybody).isEmpty {}
        }
      }
      try await tasks.waitForAll()
    }
    let status = ReplicationStatusSnapshot(
      of: try await maintainer.plane.shards(in: .default), on: try await maintainer.plane.nodes(),
      replicationFactor: 3)
    #expect(status.isFullyReplicated && status.learnerReplicas == 0)
    #expect(maintainer.plane.snapshot().placementCount(on: "us-b") == 0)
    await maintainer.plane.close()
  }
}
