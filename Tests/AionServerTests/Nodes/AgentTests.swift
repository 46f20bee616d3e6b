import AionModel
import AionRPC
import AionServer
import ClusterRig
import Testing

@Suite("Nodes with agents, and the processes that watch them", .serialized, .timeLimit(.minutes(5)))
struct AgentTests {
  @Test("A node whose agent is silent is marked down in its time; heard of again, it is live again")
  func silence() async throws {
    try await ClusterRig.run(founders: 1) { rig in
      let plane = rig.client()
      let agent = try await plane.agent("a", .seconds(3))
      let first = try #require(await plane.node("a"))
      #expect(first.isLive && first.rpcEndpoint == "a:1")
      #expect(first.registration?.epoch == agent.status.registration)
      await agent.stop(.silence)
      let silent = try await plane.until("a") { $0?.isLive == false }
      #expect(silent?.registration == first.registration)
      #expect(await rig.metric("aion_nodes_expired_total", of: 1) == 1)
      #expect(await rig.metric("aion_nodes_watched", of: 1) == 0)
      let again = try await plane.agent("a", .seconds(30))
      #expect(try await plane.node("a")?.isLive == true)
      #expect(try #require(again.status.registration) > silent?.registration?.epoch ?? .zero)
      let page = try #require(await rig.status(of: 1))
      #expect(page.agents.map(\.node) == ["a"] && page.agents.first?.isLive == true)
      #expect(try #require(page.agents.first?.leftMilliseconds) > 0)
      #expect(await again.stop(.goodbye))
      #expect(try await plane.node("a")?.isLive == false)
      #expect(await rig.metric("aion_nodes_departed_total", of: 1) == 1)
      await plane.close()
    }
  }

  @Test("The leader falls: who is heard of stays live; who fell with it goes down all the same")
  func leaderChange() async throws {
    try await ClusterRig.run(founders: 3) { rig in
      let leader = try await rig.leader()
      let plane = rig.client()
      let agent = try await plane.agent("a", .seconds(60))
      let lost = try await plane.agent("b", .seconds(5))
      let registration = try #require(await plane.node("a")?.registration)
      await lost.stop(.silence)
      try rig.kill(leader)
      // No process that lives has ever heard of it.
      _ = try await plane.until("b") { $0?.isLive == false }
      let next = try await rig.leader(otherThan: leader)
      #expect(await rig.metric("aion_nodes_expired_total", of: next) == 1)
      try await agent.report()
      #expect(agent.isLive)
      #expect(try await plane.node("a")?.registration == registration)
      #expect(try await plane.node("a")?.isLive == true)
      await agent.stop(.silence)
      await plane.close()
    }
  }

  @Test(
    "A lease ends with its node's time, as the leader knows; asked elsewhere, one is sent there")
  func leases() async throws {
    try await ClusterRig.run(founders: 3) { rig in
      let leader = try await rig.leader()
      let plane = rig.client()
      let agent = try await plane.agent("a", .seconds(60))
      try await plane.upsertNode(NodeDescriptor(id: "b", rpcEndpoint: "b:1"))
      for (shard, node) in [(0, "a"), (1, "b")] as [(ShardID, NodeID)] {
        try await plane.upsertShard(
          ShardDescriptor(
            key: ShardKey(database: 1, relation: 1, shard: shard),
            placements: [ShardPlacement(shard: shard, node: node, role: .leader)]))
      }
      let left = try #require(await plane.currentLease(of: 0)?.expiresAfter)
      #expect(left > .seconds(30) && left <= .seconds(60))
      let unwatched = try #require(await plane.currentLease(of: 1))
      #expect(unwatched.leader == "b" && unwatched.expiresAfter == nil)
      let follower = try #require(rig.numbers.first { $0 != leader })
      let other = RemoteControlPlane(
        RemoteConfiguration(
          addresses: [rig.addresses[follower - 1]], name: "test", seed: 2))
      #expect(try await other.currentLease(of: 0)?.expiresAfter != nil)
      #expect(
        try await plane.reading(.local(atLeast: 0)).currentLease(of: 0)?.expiresAfter == nil,
        "what is not confirmed is no promise")
      await agent.stop(.silence)
      await other.close()
      await plane.close()
    }
  }

  @Test("What is said by hand holds: down stays down until marked live; removed is removed")
  func byHand() async throws {
    try await ClusterRig.run(founders: 1) { rig in
      let plane = rig.client()
      let agent = try await plane.agent("a", .seconds(60))
      try await plane.markNode("a", draining: true)
      #expect(try await agent.report().isDraining)
      try await plane.markNode("a", live: false)
      #expect(try await agent.report().standing == .heldDown)
      #expect(!agent.isLive)
      #expect(try await plane.node("a")?.isHeldDown == true)
      // A process that begins anew does not know better either.
      let begun = try await plane.agent("a", .seconds(60))
      #expect(begun.status.standing == .heldDown)
      await begun.stop(.silence)
      try await plane.markNode("a", live: true)
      #expect(try await agent.report().standing == .live(for: .seconds(60)))
      #expect(try await plane.node("a")?.registration?.epoch == agent.status.registration)
      #expect(try await agent.report().isDraining)
      try await plane.removeNode("a")
      #expect(try await agent.report().standing == .removed)
      #expect(try #require(await rig.metric("aion_nodes_hopeless_heartbeats_total", of: 1)) >= 3)
      let successor = try await plane.agent("a", .seconds(60))
      #expect(successor.isLive)
      let usurper = try await plane.agent("a", .seconds(60), at: "elsewhere:1")
      #expect(try await successor.report().standing == .superseded(rpcEndpoint: "elsewhere:1"))
      #expect(try await usurper.report().standing == .live(for: .seconds(60)))
      // The goodbye of one that does not count takes nobody down.
      await successor.stop(.goodbye)
      #expect(try await plane.node("a")?.isLive == true)
      let refused = await #expect(throws: ClusterError.self) {
        try await plane.agent("b", .milliseconds(999))
      }
      #expect(refused?.sqlState == "22023")
      #expect(refused?.message.contains("1s to 3600s") == true, "\(refused?.message ?? "")")
      await usurper.stop(.silence)
      await plane.close()
    }
  }

  @Test("A leader that its group does not confirm tells no agent that its node is live")
  func cutOff() async throws {
    try await ClusterRig.run(founders: 3) { rig in
      let leader = try await rig.leader()
      let plane = rig.client()
      let agent = try await plane.within(.seconds(2)).agent("a", .seconds(60))
      // Only the leader is asked from here on.
      try await agent.report()
      let heard = agent.status.validFor
      for number in rig.numbers where number != leader { try rig.pause(number) }
      await #expect(throws: ClusterError.self) { try await agent.report() }
      #expect(agent.status.failures == 1 && agent.validFor < heard)
      for number in rig.numbers where number != leader { try rig.resume(number) }
      _ = try await plane.catalogVersion
      try await agent.report()
      #expect(agent.isLive)
      await agent.stop(.silence)
      await plane.close()
    }
  }

  @Test("A process that hung holds the time for which it did not listen against nobody")
  func hung() async throws {
    // A fifth of a time to live at most counts of the time between two looks.
    let settings = ["AIOND_NODES_MINIMUM_TTL": "400ms"]
    let timeToLive = Duration.seconds(2)
    try await ClusterRig.run(founders: 1, settings: settings) { rig in
      let plane = rig.client()
      let agent = try await plane.agent("a", timeToLive)
      let heard = ContinuousClock.now
      try await agent.report()
      await agent.stop(.silence)
      try rig.pause(1)
      let paused = ContinuousClock.now
      while .now < paused + timeToLive * 3 / 2 { await Task.yield() }
      try rig.resume(1)
      let resumed = ContinuousClock.now
      _ = try await plane.until("a") { $0?.isLive == false }
      // All of its time, but for what was listened before, and two fifths to be on the safe side.
      let least = timeToLive * 3 / 5 - (paused - heard)
      #expect(.now - resumed > least, "silent for \(paused - heard) before")
      await plane.close()
    }
  }

  @Test(
    "A shard is led by another node as soon as its leader's says goodbye, not an interval later")
  func failover() async throws {
    let settings = ["AIONDB_SHARDING_ENABLED": "true", "AIOND_MAINTENANCE_INTERVAL": "1h"]
    try await ClusterRig.run(founders: 1, settings: settings) { rig in
      let plane = rig.client()
      let first = try await plane.agent("a", .seconds(60))
      let second = try await plane.agent("b", .seconds(60))
      let key = ShardKey(database: 1, relation: 1, shard: 0)
      try await plane.upsertShard(
        ShardDescriptor(
          key: key,
          placements: [
            ShardPlacement(shard: 0, node: "a", role: .leader),
            ShardPlacement(shard: 0, node: "b", role: .follower),
            ShardPlacement(shard: 0, node: "c", role: .follower),
          ]))
      await first.stop(.goodbye)
      let led = try await plane.until(key) { $0?.leader?.node != "a" }
      #expect(led?.leader?.node == "b")
      #expect(try await plane.currentLease(of: key)?.expiresAfter != nil)
      await second.stop(.silence)
      await plane.close()
    }
  }

  @Test("A learner is promoted when its node has applied what its shard's leader reported")
  func promotion() async throws {
    let settings = [
      "AIONDB_SHARDING_ENABLED": "true", "AIOND_MAINTENANCE_INTERVAL": "100ms",
    ]
    try await ClusterRig.run(founders: 1, settings: settings) { rig in
      let plane = rig.client()
      let engines = Engines()
      var agents: [NodeID: NodeAgent] = [:]
      for node in ["a", "b", "c", "d"] as [NodeID] {
        agents[node] = try await plane.agent(node, .seconds(60), progress: engines)
      }
      engines.reach(100, on: "a")
      try await agents["a"]?.report()
      let key = ShardKey(database: 1, relation: 1, shard: 0)
      try await plane.upsertShard(
        ShardDescriptor(
          key: key,
          placements: [
            ShardPlacement(shard: 0, node: "a", role: .leader),
            ShardPlacement(shard: 0, node: "b", role: .follower),
            ShardPlacement(shard: 0, node: "c", role: .follower),
          ]))
      await agents["c"]?.stop(.goodbye)
      _ = try await plane.until(key) { $0?.placement(on: "d")?.role == .learner }
      engines.reach(99, on: "d")
      try await agents["d"]?.report()
      // Passes that could have promoted it.
      let passes = await rig.metric("aion_maintenance_passes_total", of: 1) ?? 0
      while await rig.metric("aion_maintenance_passes_total", of: 1) ?? 0 < passes + 2 {
        await Task.yield()
      }
      #expect(try await plane.snapshot().shard(key)?.placement(on: "d")?.role == .learner)
      engines.reach(100, on: "d")
      try await agents["d"]?.report()
      let mended = try await plane.until(key) { $0?.placement(on: "d")?.role == .follower }
      #expect(mended?.placement(on: "c") == nil)
      let metrics = try #require(await rig.page("/metrics", of: 1)?.text)
      PageTests.checkFormat(metrics)
      #expect(
        metrics.contains("aion_maintenance_plans_total{step=\"promote\",status=\"applied\"} 1"))
      for agent in agents.values { await agent.stop(.silence) }
      await plane.close()
    }
  }
}
