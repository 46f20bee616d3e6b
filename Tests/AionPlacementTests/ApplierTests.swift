import AionCatalog
import AionModel
import AionPlacement
import Testing

@Suite("Carrying out plans")
struct ApplierTests {
  private func plane(
    _ shards: [ShardDescriptor], down: Set<NodeID> = []
  ) async throws -> InMemoryControlPlane {
    let plane = InMemoryControlPlane()
    for node in NineNodes.descriptors(down: down) { try await plane.upsertNode(node) }
    for shard in shards { try await plane.upsertShard(shard) }
    return plane
  }

  /// The plane as it is, which takes batches, and one that does not.
  private static let kinds: [@Sendable (InMemoryControlPlane) -> any ControlPlane] = [
    { $0 }, { PlainPlane(base: $0) },
  ]

  private func repairs(on plane: InMemoryControlPlane) async throws -> [ReplicaRepairPlan] {
    planReplicaRepairs(
      of: try await plane.shards(in: .default), on: try await plane.nodes(),
      policy: NineNodes.policy())
  }

  private let two: [ShardDescriptor] = [
    .voters(["ap-a", "eu-a", "us-a"], number: 0), .voters(["eu-a", "ap-a", "us-a"], number: 1),
  ]

  @Test("Plans that still hold go into one log entry")
  func together() async throws {
    let plane = try await plane(two, down: ["us-a"])
    let before = plane.snapshot().applied
    let outcomes = try await apply(try await repairs(on: plane), on: plane)
    let after = plane.snapshot()
    #expect(after.applied == before.next)
    #expect(
      outcomes.map(\.status) == [.applied(after.placementEpoch), .applied(after.placementEpoch)])
    for outcome in outcomes {
      let placements = after.shard(outcome.plan.shard)?.placements.map(\.node)
      #expect(placements == outcome.plan.placements.map(\.node))
    }
  }

  @Test("A plan is skipped when its shard changed, is gone, or lost its quorum; the others are not")
  func skipped() async throws {
    for kind in Self.kinds { try await skipped(on: kind) }
  }

  private func skipped(
    on kind: @Sendable (InMemoryControlPlane) -> any ControlPlane
  ) async throws {
    let plane = try await plane(
      two + [.voters(["ap-b", "us-a", "eu-b"], number: 2)], down: ["us-a"])
    let plans = try await repairs(on: plane)
    #expect(plans.count == 3)
    try await plane.updatePlacement(
      of: two[0].key, to: ShardDescriptor.voters(["eu-a", "ap-a", "us-b"]).placements)
    try await plane.markNode("eu-b", live: false)
    let statuses = try await apply(plans, on: kind(plane)).map(\.status)
    #expect(statuses[0] == .skippedStalePlacement)
    #expect(statuses[1].isApplied)
    #expect(statuses[2] == .skippedLostQuorum)
    try await plane.removeShards(of: two[0].key.table)
    #expect(try await apply([plans[1]], on: kind(plane)).map(\.status) == [.skippedUnknownShard])
  }

  @Test("A plan is skipped when its newcomer went down, is drained or was removed meanwhile")
  func unfitNewcomer() async throws {
    for kind in Self.kinds {
      let plane = try await plane(two, down: ["us-a"])
      let plans = try await repairs(on: plane)
      let newcomer = try #require(
        plans[0].placements.first { two[0].placement(on: $0.node) == nil }?.node)
      func status() async throws -> ReplicaRepairStatus? {
        try await apply(plans, on: kind(plane)).first?.status
      }
      try await plane.markNode(newcomer, live: false)
      #expect(try await status() == .skippedUnfitNode)
      try await plane.markNode(newcomer, live: true)
      try await plane.markNode(newcomer, draining: true)
      #expect(try await status() == .skippedUnfitNode)
      try await plane.removeNode(newcomer)
      #expect(try await status() == .skippedUnfitNode)
      try await plane.upsertNode(NodeDescriptor(id: newcomer, rpcEndpoint: "back:1"))
      #expect(try await status()?.isApplied == true)
    }
  }

  @Test("Plans that no longer hold cost no log entry, and the others still share one")
  func staleOnesApart() async throws {
    let shards = (0..<6 as Range<UInt32>).map { number in
      ShardDescriptor.voters(["ap-a", "eu-a", "us-a"], number: number)
    }
    let plane = try await plane(shards, down: ["us-a"])
    let plans = try await repairs(on: plane)
    try await plane.removeShards(of: shards[0].key.table)
    for shard in shards.dropFirst(2) { try await plane.upsertShard(shard) }
    try await plane.transferLeadership(of: shards[2].key, to: "eu-a")
    let before = plane.snapshot().applied
    let outcomes = try await apply(plans, on: plane)
    #expect(plane.snapshot().applied == before.next)
    #expect(outcomes.map(\.status.isApplied) == [false, false, false, true, true, true])
    #expect(outcomes[1].status == .skippedUnknownShard)
    #expect(outcomes[2].status == .skippedStalePlacement)
  }

  @Test("An outcome says on one line what was planned, why, and what became of it")
  func words() async throws {
    let plane = try await plane(two, down: ["us-a"])
    let plans = try await repairs(on: plane)
    #expect(ReplicationMaintenanceOutcome().description == "nothing to do")
    let first = try await maintainReplication(
      of: .default, on: plane, policy: NineNodes.policy())
    let lines = first.description.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines[0] == "\(plans[0]) -> applied at epoch \(plane.snapshot().placementEpoch)")
    let again = try await apply(plans, on: plane)
    #expect("\(again[0])" == "\(plans[0]) -> skipped: the shard is like that already")
  }

  @Test("A plan that is carried out twice changes nothing the second time")
  func twice() async throws {
    let plane = try await plane(two, down: ["us-a"])
    let plans = try await repairs(on: plane)
    _ = try await apply(plans, on: plane)
    let epoch = try await plane.placementEpoch
    let again = try await apply(plans, on: plane)
    #expect(again.map(\.status) == [.skippedNoChange, .skippedNoChange])
    #expect(try await plane.placementEpoch == epoch)
  }

  @Test("A transfer tells a stale leader, one that leads already and other replicas apart")
  func transfers() async throws {
    for kind in Self.kinds { try await transfers(on: kind) }
  }

  private func transfers(
    on kind: @Sendable (InMemoryControlPlane) -> any ControlPlane
  ) async throws {
    let plane = try await plane([two[0]], down: ["ap-a"])
    let plan = try #require(
      planLeadershipBalance(
        of: try await plane.shards(in: .default), on: try await plane.nodes(),
        policy: NineNodes.policy()
      ).first)
    func status() async throws -> LeadershipTransferStatus? {
      try await apply([plan], on: kind(plane)).first?.status
    }
    let other: NodeID = plan.to == "eu-a" ? "us-a" : "eu-a"
    try await plane.transferLeadership(of: plan.shard, to: other)
    #expect(try await status() == .skippedStaleLeader)
    try await plane.updatePlacement(
      of: plan.shard, to: ShardDescriptor.voters(["ap-a", other, "us-b"]).placements)
    #expect(try await status() == .skippedStalePlacement)
    try await plane.updatePlacement(of: plan.shard, to: plan.expected)
    #expect(try await status()?.isApplied == true)
    #expect(try await status() == .skippedAlreadyLeader)
    try await plane.updatePlacement(of: plan.shard, to: plan.expected)
    try await plane.markNode(plan.to, live: false)
    #expect(try await status() == .skippedLostQuorum)
    try await plane.removeShards(of: plan.shard.table)
    #expect(try await status() == .skippedLostQuorum)
    try await plane.markNode(plan.to, live: true)
    #expect(try await status() == .skippedUnknownShard)
  }

  @Test("Of two maintainers with the same view the second undoes nothing")
  func twoMaintainers() async throws {
    let plane = try await plane(two, down: ["us-a"])
    let first = try await repairs(on: plane)
    let chosen = Set(first.flatMap(\.placements).map(\.node)).subtracting(["ap-a", "eu-a"])
    let others = try await plane.nodes().filter { !chosen.contains($0.id) }
    let second = planReplicaRepairs(
      of: try await plane.shards(in: .default), on: others, policy: NineNodes.policy())
    #expect(first.map(\.placements) != second.map(\.placements))
    _ = try await apply(first, on: plane)
    let state = plane.snapshot().digest
    let outcomes = try await apply(second, on: plane)
    #expect(outcomes.allSatisfy { $0.status == .skippedStalePlacement })
    #expect(plane.snapshot().digest == state)
  }

  @Test("What was to even the load is skipped where another has evened it since")
  func staleLoad() async throws {
    let shards = (0..<3 as Range<UInt32>).map { number in
      ShardDescriptor.voters(["ap-a", "eu-a", "us-a"], number: number)
    }
    let plane = try await plane(shards)
    func transfers() async throws -> [LeadershipTransferPlan] {
      planLeadershipBalance(
        of: try await plane.shards(in: .default), on: try await plane.nodes(),
        options: LeadershipBalanceOptions(maxTransfers: 1))
    }
    let late = try await transfers()
    let other = try #require(shards.last)
    #expect(late.map(\.shard) != [other.key])
    try await plane.transferLeadership(of: other.key, to: late[0].to)
    #expect(try await apply(late, on: plane).map(\.status) == [.skippedStaleLoad])
    let moves = planReplicaBalance(
      of: try await plane.shards(in: .default), on: try await plane.nodes(),
      options: ReplicaBalanceOptions(maxMoves: 1))
    let newcomer = try #require(
      moves.first?.placements.first { new in
        moves.first?.expected.contains { $0.node == new.node } == false
      })
    for number in 7..<9 as Range<UInt32> {
      try await plane.upsertShard(.voters([newcomer.node], number: number))
    }
    #expect(try await apply(moves, on: plane).map(\.status) == [.skippedStaleLoad])
  }

  @Test("A shard whose leader is down is failed over and repaired in the same pass")
  func onePass() async throws {
    for kind in Self.kinds {
      let plane = try await plane(two, down: ["ap-a"])
      let outcome = try await maintainReplication(
        of: .default, on: kind(plane), policy: NineNodes.policy())
      #expect(outcome.repairs.count == 2)
      #expect(outcome.repairs.allSatisfy { $0.status.isApplied })
      let status = ReplicationStatusSnapshot(
        of: try await plane.shards(in: .default), on: try await plane.nodes(),
        replicationFactor: 3)
      #expect(status.isFullyReplicated)
      #expect(try await plane.resolveReadShards(of: two[0].key.table).count == 2)
    }
  }
}
