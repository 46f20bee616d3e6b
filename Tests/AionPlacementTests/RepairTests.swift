import AionModel
import AionPlacement
import Testing

@Suite("Repairs")
struct RepairTests {
  private func repairs(
    of shards: [ShardDescriptor], down: Set<NodeID> = [], draining: Set<NodeID> = [],
    _ policy: ReplicaPlacementPolicy, _ options: ReplicaRepairOptions = ReplicaRepairOptions()
  ) -> [ReplicaRepairPlan] {
    planReplicaRepairs(
      of: shards, on: NineNodes.descriptors(down: down, draining: draining), policy: policy,
      options: options)
  }

  private let learnerFirst = ReplicaRepairOptions(repairMode: .learnerFirst)

  @Test("A shard that is well is left alone")
  func nothingToDo() {
    #expect(repairs(of: [.voters(["ap-a", "eu-a", "us-a"])], NineNodes.policy()).isEmpty)
  }

  @Test("A follower replaces a down one, in the region that has none left")
  func directVoter() throws {
    let plans = repairs(
      of: [.voters(["ap-a", "eu-a", "us-a"])], down: ["us-a"], NineNodes.policy())
    let plan = try #require(plans.first)
    #expect(plan.placements.map(\.role) == [.leader, .follower, .follower])
    #expect(plan.placements.last.map { ["us-b", "us-c"].contains($0.node) } == true)
    #expect(plan.handover == nil)
    #expect("\(plan)".hasPrefix("1/16384/shard-0: replace by voter us-"))
    #expect("\(plan)".hasSuffix("(0 replicas, apart by region, zone): voter us-a is down"))
  }

  @Test("A down leader is succeeded in the plan that replaces it")
  func downLeader() throws {
    let plans = repairs(
      of: [.voters(["ap-a", "eu-a", "us-a"])], down: ["ap-a"], NineNodes.policy())
    let plan = try #require(plans.first)
    let handover = try #require(plan.handover)
    #expect(handover.from == "ap-a")
    #expect(["eu-a", "us-a"].contains(handover.to))
    #expect(plan.placements.first { $0.role == .leader }?.node == handover.to)
    #expect(!plan.placements.contains { $0.node == "ap-a" })
  }

  @Test("A missing voter is filled before a down one is replaced")
  func missingFirst() throws {
    let policy = NineNodes.policy(factor: 5)
    let plans = repairs(
      of: [.voters(["ap-a", "eu-a", "us-a", "us-b"])], down: ["us-b"], policy)
    guard case .addVoter(_, because: .missingVoter(has: 4, asked: 5)) = plans.first?.reason else {
      Issue.record("\(plans)")
      return
    }
    #expect(plans.first?.placements.count == 5)
  }

  @Test("Without a live quorum a shard is left alone")
  func lostQuorum() {
    let shard = ShardDescriptor.voters(["ap-a", "eu-a", "us-a"])
    #expect(repairs(of: [shard], down: ["ap-a", "eu-a"], NineNodes.policy()).isEmpty)
  }

  @Test("Down voters stay when they are not to be replaced")
  func keepsDownVoters() {
    let plans = repairs(
      of: [.voters(["ap-a", "eu-a", "us-a"])], down: ["us-a"], NineNodes.policy(),
      ReplicaRepairOptions(replaceDownVoters: false))
    #expect(plans.isEmpty)
  }

  @Test("A learner is staged once, and the voters stay as they are")
  func stagesOnce() throws {
    let shard = ShardDescriptor.voters(["ap-a", "eu-a", "us-a"])
    let plan = try #require(
      repairs(of: [shard], down: ["us-a"], NineNodes.policy(), learnerFirst).first)
    let learners = plan.placements.filter { $0.role == .learner }
    #expect(learners.count == 1)
    #expect(plan.placements.filter(\.role.isVoting).map(\.node) == ["ap-a", "eu-a", "us-a"])
    let staged = ShardDescriptor(key: shard.key, placements: plan.placements)
    #expect(repairs(of: [staged], down: ["us-a"], NineNodes.policy(), learnerFirst).isEmpty)
  }

  @Test("A learner on a down node makes room for one that can catch up")
  func deadLearner() throws {
    let shard = ShardDescriptor.voters(["ap-a", "eu-a", "us-a"], learners: ["us-b"])
    let plan = try #require(
      repairs(of: [shard], down: ["us-a", "us-b"], NineNodes.policy(), learnerFirst).first)
    #expect(plan.placements.filter { $0.role == .learner }.map(\.node) == ["us-c"])
    #expect("\(plan)".hasSuffix("voter us-a is down; learner us-b goes"))
  }

  @Test("A live learner survives a direct repair")
  func learnersSurvive() throws {
    let shard = ShardDescriptor.voters(["ap-a", "eu-a", "us-a"], learners: ["us-b"])
    let plan = try #require(repairs(of: [shard], down: ["us-a"], NineNodes.policy()).first)
    #expect(plan.placements.filter { $0.role == .learner }.map(\.node) == ["us-b"])
    #expect(plan.placements.contains { $0.node == "us-c" && $0.role == .follower })
  }

  @Test("At, below and above the limit of learners on a node", arguments: [0, 1, 2, 3])
  func learnersPerNode(limit: Int) {
    let shards = (0..<12).map {
      ShardDescriptor.voters(["ap-a", "eu-a", "us-a"], number: UInt32($0))
    }
    var options = learnerFirst
    options.maxLearnersPerNode = limit
    let policy = NineNodes.policy(spread: ["region"])
    let plans = repairs(of: shards, down: ["us-a"], policy, options)
    let hosts = plans.flatMap { $0.placements.filter { $0.role == .learner }.map(\.node) }
    #expect(plans.count == min(12, 6 * limit))
    for node in NineNodes.ids { #expect(hosts.count { $0 == node } <= limit, "\(node)") }
  }

  @Test("At, below and above the limit of repairs", arguments: [-1, 0, 1, 3, 4])
  func maxRepairs(limit: Int) {
    let shards = (0..<3).map {
      ShardDescriptor.voters(["ap-a", "eu-a", "us-a"], number: UInt32($0))
    }
    let plans = repairs(
      of: shards, down: ["us-a"], NineNodes.policy(), ReplicaRepairOptions(maxRepairs: limit))
    #expect(plans.count == min(3, max(0, limit)))
  }

  @Test("The shard closest to losing its quorum is mended first")
  func urgency() {
    let shards: [ShardDescriptor] = [
      .voters(["ap-a", "eu-a", "us-a", "ap-b", "eu-b"], number: 0),
      .voters(["ap-a", "us-a", "us-b"], number: 1),
    ]
    let plans = repairs(
      of: shards, down: ["us-a"], NineNodes.policy(factor: 5), ReplicaRepairOptions(maxRepairs: 1))
    #expect(plans.map(\.shard.shard) == [1])
  }

  @Test("Voters on a draining node are replaced by way of one more when the others are no quorum")
  func drainsLoneVoter() throws {
    let policy = NineNodes.policy(factor: 1)
    let shard = ShardDescriptor.voters(["ap-a"])
    let first = try #require(repairs(of: [shard], draining: ["ap-a"], policy).first)
    #expect(first.placements.count == 2)
    #expect(first.handover == nil)
    let two = ShardDescriptor(key: shard.key, placements: first.placements)
    let second = try #require(repairs(of: [two], draining: ["ap-a"], policy).first)
    #expect(second.placements.count == 1)
    #expect(second.handover?.cause == .leaderLeaves)
    #expect("\(second)".contains("drop voter ap-a, 2 voters where 1 are asked"))
  }

  @Test("A learner that can never be promoted makes room for one that can")
  func uselessLearner() throws {
    var policy = NineNodes.policy()
    policy.requiredAttributes = [NodeAttributeConstraint(key: "disk", value: "ssd")]
    for node in NineNodes.ids where node != "us-b" {
      policy.nodeAttributes[node]?.append(NodeAttributeConstraint(key: "disk", value: "ssd"))
    }
    for learner in ["us-b", "mars"] as [NodeID] {
      let shard = ShardDescriptor.voters(["ap-a", "eu-a", "us-a"], learners: [learner])
      let plan = try #require(repairs(of: [shard], down: ["us-a"], policy, learnerFirst).first)
      #expect("\(plan)".hasSuffix("voter us-a is down; learner \(learner) goes"))
      #expect(repairs(of: [shard], policy, learnerFirst).isEmpty, "a shard that is well keeps it")
    }
  }

  @Test("A descriptor that breaks the rules is left alone")
  func malformed() {
    let key = ShardKey(database: .default, relation: 1, shard: 0)
    let leaderless = ShardDescriptor(
      key: key, placements: [ShardPlacement(shard: 0, node: "ap-a", role: .follower)])
    let twice = ShardDescriptor(
      key: key,
      placements: [
        ShardPlacement(shard: 0, node: "ap-a", role: .leader),
        ShardPlacement(shard: 0, node: "ap-a", role: .follower),
      ])
    let empty = ShardDescriptor(key: key, placements: [])
    #expect(repairs(of: [leaderless, twice, empty], NineNodes.policy()).isEmpty)
  }
}
