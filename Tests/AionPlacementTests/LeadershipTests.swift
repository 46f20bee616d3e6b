import AionModel
import AionPlacement
import Testing

@Suite("Leadership")
struct LeadershipTests {
  private func transfers(
    of shards: [ShardDescriptor], down: Set<NodeID> = [], draining: Set<NodeID> = [],
    _ policy: ReplicaPlacementPolicy = NineNodes.policy(),
    _ options: LeadershipBalanceOptions = LeadershipBalanceOptions()
  ) -> [LeadershipTransferPlan] {
    planLeadershipBalance(
      of: shards, on: NineNodes.descriptors(down: down, draining: draining), policy: policy,
      options: options)
  }

  private func shards(_ count: Int, led by: [NodeID]) -> [ShardDescriptor] {
    (0..<count).map { .voters(by, number: UInt32($0)) }
  }

  @Test("A down leader is succeeded even where balancing is off")
  func failover() throws {
    let off = LeadershipBalanceOptions(maxTransfers: 0)
    let plans = transfers(
      of: shards(4, led: ["ap-a", "eu-a", "us-a"]), down: ["ap-a"], NineNodes.policy(), off)
    #expect(plans.count == 4)
    #expect(plans.count { $0.to == "eu-a" } == 2)
    #expect(plans.count { $0.to == "us-a" } == 2)
    let first = try #require(plans.first)
    #expect("\(first)".contains(": ap-a hands over to "))
    #expect("\(first)".hasSuffix("the leader is down; the new one led the fewest, 0"))
  }

  @Test("No failover without a quorum")
  func lostQuorum() {
    let lost = shards(1, led: ["ap-a", "eu-a", "us-a"])
    #expect(transfers(of: lost, down: ["ap-a", "eu-a"]).isEmpty)
  }

  @Test("Leaders move to the most preferred voter, up to the limit", arguments: [0, 1, 3, 5])
  func preferences(limit: Int) {
    let policy = NineNodes.policy(
      leasePreferences: [
        NodeAttributeConstraint(key: "region", value: "us"),
        NodeAttributeConstraint(key: "region", value: "eu"),
      ])
    let plans = transfers(
      of: shards(4, led: ["ap-a", "eu-a", "us-a"]), policy,
      LeadershipBalanceOptions(maxTransfers: limit))
    #expect(plans.count == min(4, limit))
    for plan in plans {
      #expect(plan.to == "us-a")
      #expect("\(plan)".hasSuffix("leaders are preferred on region=us"))
    }
  }

  @Test("A node that leads many hands over until the difference is below the delta")
  func load() {
    let hot = shards(9, led: ["ap-a", "eu-a", "us-a"])
    let plans = transfers(of: hot)
    #expect(plans.count == 6)
    #expect(plans.count { $0.to == "eu-a" } == 3)
    #expect(plans.first.map { "\($0)".hasSuffix("they lead 9 and 0 shards") } == true)
    let delta = LeadershipBalanceOptions(minLoadDelta: 9)
    #expect(transfers(of: hot, NineNodes.policy(), delta).count == 1)
    let above = LeadershipBalanceOptions(minLoadDelta: 10)
    #expect(transfers(of: hot, NineNodes.policy(), above).isEmpty)
  }

  @Test("A difference of one moves nothing, since it would only change sides")
  func settled() {
    let almost =
      shards(2, led: ["ap-a", "eu-a", "us-a"])
      + [.voters(["eu-a", "ap-a", "us-a"], number: 7), .voters(["us-a", "ap-a"], number: 8)]
    #expect(transfers(of: almost).isEmpty)
  }

  @Test("Leaders leave a draining node, and none goes there")
  func draining() {
    let plans = transfers(
      of: shards(2, led: ["ap-a", "eu-a"]) + [.voters(["us-a", "ap-a"], number: 9)],
      draining: ["ap-a"])
    #expect(plans.map(\.to) == ["eu-a", "eu-a"])
    #expect(plans.allSatisfy { "\($0)".contains("the leader is being drained") })
  }
}
