import AionModel
import AionPlacement
import Testing

@Suite("Initial placement")
struct InitialPlacementTests {
  @Test("Voters of a shard stand in different regions, leaders and replicas are balanced")
  func spreadAndBalanced() throws {
    let policy = NineNodes.policy()
    let plans = try planInitialPlacements(
      of: NineNodes.keys(900), on: NineNodes.descriptors(), policy: policy)
    var leaders: [NodeID: Int] = [:]
    var replicas: [NodeID: Int] = [:]
    for plan in plans {
      let regions = Set(plan.shard.nodes.map { policy.value(of: "region", on: $0) })
      #expect(regions.count == 3, "\(plan)")
      leaders[try #require(plan.shard.leader).node, default: 0] += 1
      for node in plan.shard.nodes { replicas[node, default: 0] += 1 }
    }
    for node in NineNodes.ids {
      #expect(leaders[node] == 100, "leaders on \(node)")
      #expect(299...301 ~= replicas[node, default: 0], "replicas on \(node)")
    }
  }

  @Test("With more voters than regions the second attribute keeps them apart")
  func secondAttribute() throws {
    let policy = NineNodes.policy(factor: 5)
    let plans = try planInitialPlacements(
      of: NineNodes.keys(200), on: NineNodes.descriptors(), policy: policy)
    for plan in plans {
      let regions = plan.shard.nodes.map { policy.value(of: "region", on: $0) }
      let perRegion = Dictionary(grouping: regions, by: { $0 }).values.map(\.count).sorted()
      #expect(perRegion == [1, 2, 2], "\(plan)")
      #expect(Set(plan.shard.nodes.map { policy.value(of: "zone", on: $0) }).count == 5, "\(plan)")
    }
  }

  @Test("Down nodes, draining nodes and nodes without a required attribute get nothing")
  func candidates() throws {
    var policy = NineNodes.policy()
    policy.requiredAttributes = [NodeAttributeConstraint(key: "disk", value: "ssd")]
    for node in NineNodes.ids where node != "ap-b" {
      policy.nodeAttributes[node]?.append(NodeAttributeConstraint(key: "disk", value: "ssd"))
    }
    let plans = try planInitialPlacements(
      of: NineNodes.keys(90), on: NineNodes.descriptors(down: ["us-c"], draining: ["eu-a"]),
      policy: policy)
    let used = Set(plans.flatMap(\.shard.nodes))
    #expect(used == Set(NineNodes.ids).subtracting(["eu-a", "ap-b", "us-c"]))
  }

  @Test("The factor is capped by the candidates, and the reason says so")
  func capped() throws {
    let nodes = NineNodes.descriptors(down: Set(NineNodes.ids.dropFirst(2)))
    let plans = try planInitialPlacements(
      of: NineNodes.keys(1), on: nodes, policy: NineNodes.policy())
    #expect(
      plans.map(\.description) == [
        "1/16384/shard-0: place on [ap-a leader, ap-b follower]: 2 of 3 voters, no more "
          + "candidates; leader led the fewest, 0; region shared with another voter"
      ])
  }

  @Test("Leaders go to the first lease preference that a candidate satisfies")
  func leasePreference() throws {
    let preferences = ["mars", "eu"].map { NodeAttributeConstraint(key: "region", value: $0) }
    let plans = try planInitialPlacements(
      of: NineNodes.keys(90), on: NineNodes.descriptors(),
      policy: NineNodes.policy(leasePreferences: preferences))
    let leaders = plans.compactMap { $0.shard.leader?.node }
    for node in NineNodes.ids {
      #expect(leaders.count { $0 == node } == (node.name.hasPrefix("eu") ? 30 : 0), "\(node)")
    }
  }

  @Test("Without a candidate nothing is planned and the refusal counts the nodes")
  func refusal() throws {
    let nodes = NineNodes.descriptors(down: Set(NineNodes.ids))
    #expect(throws: PlacementRefusal.noCandidates(registered: 9, live: 0, satisfyingRequired: 0)) {
      try planInitialPlacements(of: NineNodes.keys(1), on: nodes, policy: NineNodes.policy())
    }
    #expect(try planInitialPlacements(of: [], on: nodes, policy: NineNodes.policy()).isEmpty)
  }

  @Test("Neither the order of nodes nor that of shards shows in the plans")
  func orderDoesNotMatter() throws {
    var chance = SplitMix64(seed: 7)
    let (keys, nodes) = (NineNodes.keys(300), NineNodes.descriptors())
    let expected = try planInitialPlacements(of: keys, on: nodes, policy: NineNodes.policy())
    for _ in 0..<20 {
      let plans = try planInitialPlacements(
        of: keys.shuffled(using: &chance) + keys.prefix(3), on: nodes.shuffled(using: &chance),
        policy: NineNodes.policy())
      #expect(plans == expected)
    }
  }

  @Test("Without a policy the factor alone decides")
  func options() throws {
    let plans = try planInitialPlacements(
      of: NineNodes.keys(9), on: NineNodes.descriptors(),
      options: ReplicaPlacementOptions(replicationFactor: 5))
    #expect(plans.map(\.shard.placements.count) == Array(repeating: 5, count: 9))
    #expect(plans.first.map { "\($0)".hasSuffix("no spread asked") } == true)
  }

  @Test("Existing shards count as load")
  func besideExisting() throws {
    let nodes = Array(NineNodes.descriptors().prefix(6))
    let policy = NineNodes.policy(spread: [])
    let existing = try planInitialPlacements(of: NineNodes.keys(60), on: nodes, policy: policy)
    let plans = try planInitialPlacements(
      of: NineNodes.keys(27, table: 2), on: NineNodes.descriptors(), policy: policy,
      beside: replicaCounts(of: existing.map(\.shard)))
    #expect(Set(plans.flatMap(\.shard.nodes)) == ["us-a", "us-b", "us-c"])
  }

  @Test("The shards of a node have many partners, so that its failure is shared by many")
  func partners() throws {
    let plans = try planInitialPlacements(
      of: NineNodes.keys(300), on: NineNodes.descriptors(), policy: NineNodes.policy(spread: []))
    for node in NineNodes.ids {
      let partners = Set(plans.map(\.shard.nodes).filter { $0.contains(node) }.flatMap { $0 })
      #expect(partners.count == 9, "\(node): \(partners.sorted())")
    }
  }
}
