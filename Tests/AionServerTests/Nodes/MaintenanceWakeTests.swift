import AionModel
import AionRPC
import AionServer
import ClusterRig
import Testing

/// Passes at an interval would come an hour later.
@Suite("What has the leader maintain shards at once", .serialized, .timeLimit(.minutes(1)))
struct MaintenanceWakeTests {
  private let settings = [
    "AIONDB_SHARDING_ENABLED": "true", "AIOND_MAINTENANCE_INTERVAL": "1h",
    "AIOND_NODES_MINIMUM_TTL": "400ms",
  ]
  private let key = ShardKey(database: 1, relation: 1, shard: 0)

  private func place(on nodes: [NodeID], by plane: RemoteControlPlane) async throws {
    let placements = nodes.enumerated().map { place, node in
      ShardPlacement(shard: 0, node: node, role: place == 0 ? .leader : .follower)
    }
    try await plane.upsertShard(ShardDescriptor(key: key, placements: placements))
  }

  @Test("A node that falls silent: another one leads its shard; only the leader makes passes")
  func silence() async throws {
    try await ClusterRig.run(founders: 3, settings: settings) { rig in
      let plane = rig.client()
      let first = try await plane.agent("a", .milliseconds(400))
      let second = try await plane.agent("b", .seconds(60))
      try await place(on: ["a", "b", "c"], by: plane)
      await first.stop(.silence)
      let led = try await plane.until(key) { $0?.leader?.node != "a" }
      #expect(led?.leader?.node == "b")
      let leader = try await rig.leader()
      for number in rig.numbers {
        let passes = try #require(await rig.metric("aion_maintenance_passes_total", of: number))
        #expect((passes > 0) == (number == leader), "n\(number) made \(passes)")
      }
      await second.stop(.silence)
      await plane.close()
    }
  }

  @Test("A node that registers: it takes the place of one that is down")
  func registration() async throws {
    try await ClusterRig.run(founders: 1, settings: settings) { rig in
      let plane = rig.client()
      var agents: [NodeAgent] = []
      for node in ["a", "b"] as [NodeID] {
        agents.append(try await plane.agent(node, .seconds(60)))
      }
      try await plane.upsertNode(NodeDescriptor(id: "c", rpcEndpoint: "c:1"))
      try await place(on: ["a", "b", "c"], by: plane)
      // Nobody is woken by what is said by hand, and there is no other node yet.
      try await plane.markNode("c", live: false)
      agents.append(try await plane.agent("d", .seconds(60)))
      let mended = try await plane.until(key) { $0?.placement(on: "d") != nil }
      #expect(mended?.placement(on: "d")?.role == .learner)
      for agent in agents { await agent.stop(.silence) }
      await plane.close()
    }
  }
}
