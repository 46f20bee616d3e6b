import AionModel
import AionPlacement
import Testing

@Suite("Promotions")
struct PromotionTests {
  private func promotions(
    of shard: ShardDescriptor, caughtUp: [NodeID], down: Set<NodeID> = [],
    _ policy: ReplicaPlacementPolicy = NineNodes.policy()
  ) -> [ReplicaRepairPlan] {
    planLearnerPromotions(
      of: [shard], on: NineNodes.descriptors(down: down),
      caughtUp: Set(caughtUp.map { ReplicaCatchupKey(shard: shard.key, node: $0) }),
      policy: policy)
  }

  private func voters(_ plan: ReplicaRepairPlan?) -> [NodeID]? {
    plan?.placements.filter(\.role.isVoting).map(\.node)
  }

  @Test("A caught-up learner takes the place of a down follower")
  func replacesDownFollower() {
    let shard = ShardDescriptor.voters(["ap-a", "eu-a", "us-a"], learners: ["us-b"])
    let plans = promotions(of: shard, caughtUp: ["us-b"], down: ["us-a"])
    #expect(voters(plans.first) == ["ap-a", "eu-a", "us-b"])
    #expect(
      plans.first?.description
        == "1/16384/shard-0: promote caught-up learner us-b in its place: voter us-a is down")
  }

  @Test("A missing voter is filled before a down one is replaced")
  func missingFirst() {
    let shard = ShardDescriptor.voters(
      ["ap-a", "eu-a", "us-a", "us-c"], learners: ["us-b"])
    let plans = promotions(
      of: shard, caughtUp: ["us-b"], down: ["us-a"], NineNodes.policy(factor: 5))
    #expect(voters(plans.first) == ["ap-a", "eu-a", "us-a", "us-b", "us-c"])
  }

  @Test("Nothing is promoted that is not caught up, not needed, down or unfit")
  func refused() {
    let shard = ShardDescriptor.voters(["ap-a", "eu-a", "us-a"], learners: ["us-b"])
    #expect(promotions(of: shard, caughtUp: [], down: ["us-a"]).isEmpty)
    #expect(promotions(of: shard, caughtUp: ["us-c"], down: ["us-a"]).isEmpty)
    #expect(promotions(of: shard, caughtUp: ["us-b"]).isEmpty)
    #expect(promotions(of: shard, caughtUp: ["us-b"], down: ["us-a", "us-b"]).isEmpty)
    #expect(promotions(of: shard, caughtUp: ["us-b"], down: ["us-a", "ap-a"]).isEmpty)
    var policy = NineNodes.policy()
    policy.requiredAttributes = [NodeAttributeConstraint(key: "region", value: "eu")]
    #expect(promotions(of: shard, caughtUp: ["us-b"], down: ["us-a"], policy).isEmpty)
  }

  @Test("Of several the one furthest from the voters that stay is promoted")
  func prefersSpread() {
    let shard = ShardDescriptor.voters(["ap-a", "eu-a", "us-a"], learners: ["ap-b", "us-c"])
    let plans = promotions(of: shard, caughtUp: ["ap-b", "us-c"], down: ["us-a"])
    #expect(voters(plans.first) == ["ap-a", "eu-a", "us-c"])
    #expect(plans.first?.placements.first { $0.role == .learner }?.node == "ap-b")
  }

  @Test("A down leader gives way to a voter, and its place to the learner")
  func downLeader() {
    let shard = ShardDescriptor.voters(["ap-a", "eu-a", "us-a"], learners: ["ap-b"])
    let plan = promotions(of: shard, caughtUp: ["ap-b"], down: ["ap-a"]).first
    #expect(voters(plan) == ["ap-b", "eu-a", "us-a"])
    #expect(plan?.placements.first { $0.role == .leader }?.node != "ap-b")
    #expect(plan?.handover?.cause == .leaderDown)
  }

  @Test("Caught-up nodes are caught-up learners only where they are live, registered and learn")
  func keys() {
    let shards: [ShardDescriptor] = [
      .voters(["ap-a", "eu-a"], learners: ["us-a", "us-b"], number: 0),
      .voters(["us-a", "eu-a"], learners: ["stranger", "us-c"], number: 1),
    ]
    let keys = caughtUpLearnerKeys(
      of: shards, on: NineNodes.descriptors(down: ["us-b"]),
      forLiveNodes: ["us-a", "us-b", "stranger", "nobody"])
    #expect(keys == [ReplicaCatchupKey(shard: shards[0].key, node: "us-a")])
  }
}
