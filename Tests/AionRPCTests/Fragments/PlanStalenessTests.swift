import AionCatalog
import AionModel
import AionRPC
import Testing

@Suite("Whether a plan still holds, by what it names")
struct PlanStalenessTests {
  private static let orders = FragmentRig.orders
  private static let shard = FragmentRig.shard
  private static let other = ShardKey(table: orders, shard: 1)
  private static let elsewhere = ShardKey(database: 1, relation: 20_000, shard: 0)

  private let plane = InMemoryControlPlane()
  private let catalog: InMemoryClusterCatalog

  init() throws {
    catalog = InMemoryClusterCatalog(log: plane.log)
    for node in ["node-a", "node-b"] as [NodeID] {
      try plane.apply(.upsertNode(NodeDescriptor(id: node, rpcEndpoint: "127.0.0.1:1")))
    }
    for key in [Self.shard, Self.other, Self.elsewhere] { try place(key, "node-a", "node-b") }
  }

  private func place(_ key: ShardKey, _ leader: NodeID, _ follower: NodeID?) throws {
    var placements = [ShardPlacement(shard: key.shard, node: leader, role: .leader)]
    if let follower {
      placements.append(ShardPlacement(shard: key.shard, node: follower, role: .follower))
    }
    try plane.apply(.upsertShard(ShardDescriptor(key: key, placements: placements)))
  }

  /// What becomes of a plan that was made before `change`.
  private func refusal(
    of plan: FragmentPlan = FragmentPlan("scan", on: shard, body: []), in scope: TxnScope = .local,
    on node: NodeID = "node-a", after change: () throws -> Void = {}
  ) throws -> ClusterError? {
    let planned = plane.snapshot()
    try change()
    let options = FragmentRuntimeOptions(
      queryID: 1, fragmentID: 1, catalogVersion: planned.catalogVersion,
      placementEpoch: planned.placementEpoch, txnScope: scope)
    do throws(ClusterError) {
      try plane.snapshot().check(plan, options, on: node)
      return nil
    } catch {
      return error
    }
  }

  private func isOutdated(_ error: ClusterError?, by versions: (UInt64, UInt64)) -> Bool {
    switch error {
    case .fragmentOutOfStep("scan", .catalogVersion(let planned, let known)):
      (planned.rawValue, known.rawValue) == versions
    case .fragmentOutOfStep("scan", .placementEpoch(let planned, let known)):
      (planned.rawValue, known.rawValue) == versions
    default: false
    }
  }

  @Test("Nothing has changed: it holds")
  func unchanged() throws {
    #expect(try refusal() == nil)
    #expect(try refusal(in: .singleShard(Self.shard), on: "node-b") == nil)
    #expect(try refusal(of: FragmentPlan("merge", body: [])) == nil)
  }

  @Test("What it does not name has changed: it holds")
  func unrelated() throws {
    #expect(
      try refusal {
        try plane.apply(.transferLeadership(Self.elsewhere, to: "node-b"))
        try plane.apply(
          .updatePlacement(
            Self.other,
            to: [
              ShardPlacement(shard: 1, node: "node-a", role: .leader)
            ], expecting: nil))
        try plane.apply(.markNode("node-b", live: false))
      } == nil)
    try plane.apply(.markNode("node-b", live: true))
    #expect(try refusal { try plane.apply(.upsertRole(.superuser(named: "anna"))) } == nil)
    #expect(
      try refusal {
        try place(ShardKey(database: 1, relation: 30_000, shard: 0), "node-a", nil)
      } == nil)
  }

  @Test("Its shard has moved: both epochs are told")
  func moved() throws {
    let before = plane.snapshot()
    let error = try refusal {
      try plane.apply(.markNode("node-b", live: true))
      try plane.apply(.transferLeadership(Self.shard, to: "node-b"))
    }
    let epoch = plane.snapshot().placementEpoch
    #expect(
      isOutdated(error, by: (before.placementEpoch.rawValue, epoch.rawValue)), "\(error as Any)")
    #expect(error?.sqlState == "40001")
    // Planned anew, it holds.
    #expect(try refusal() == nil)
  }

  @Test("Its table has a shard more: keys may be elsewhere now")
  func grown() throws {
    let before = plane.snapshot().catalogVersion
    let error = try refusal { try place(ShardKey(table: Self.orders, shard: 2), "node-a", nil) }
    let after = plane.snapshot().catalogVersion
    #expect(isOutdated(error, by: (before.rawValue, after.rawValue)), "\(error as Any)")
  }

  @Test("Its shard is gone, or gone and made again")
  func dropped() throws {
    let before = plane.snapshot().catalogVersion
    let error = try refusal { try plane.apply(.removeShards(of: Self.orders)) }
    let after = plane.snapshot().catalogVersion
    #expect(isOutdated(error, by: (before.rawValue, after.rawValue)), "\(error as Any)")
    // Not outdated, but wrong from the beginning.
    #expect(try refusal() == .unknownShard(.key(Self.shard)))
    try place(Self.shard, "node-a", nil)
    let again = try refusal {
      try plane.apply(.removeShards(of: Self.orders))
      try place(Self.shard, "node-a", nil)
    }
    guard case .fragmentOutOfStep(_, .catalogVersion) = again else {
      Issue.record("\(again as Any)")
      return
    }
  }

  @Test("It names nothing: whatever has changed may matter")
  func nothingNamed() throws {
    let merge = FragmentPlan("scan", body: [])
    let before = plane.snapshot()
    let moved = try refusal(of: merge) { try plane.apply(.markNode("node-b", live: false)) }
    let epoch = plane.snapshot().placementEpoch
    #expect(isOutdated(moved, by: (before.placementEpoch.rawValue, epoch.rawValue)))
    let changed = try refusal(of: merge) {
      try plane.apply(.upsertRole(.superuser(named: "bert")))
    }
    let version = plane.snapshot().catalogVersion
    #expect(isOutdated(changed, by: (before.catalogVersion.rawValue, version.rawValue)))
  }

  @Test("Each shard of the scope counts when the fragment names none")
  func scope() throws {
    let scope = TxnScope.multiShardWrite(
      coordinator: "node-b", shards: [Self.shard, Self.elsewhere])
    let plan = FragmentPlan("scan", body: [])
    #expect(try refusal(of: plan, in: scope, on: "node-c") == nil)
    let error = try refusal(of: plan, in: scope) {
      try plane.apply(.transferLeadership(Self.elsewhere, to: "node-b"))
    }
    guard case .fragmentOutOfStep("scan", .placementEpoch) = error else {
      Issue.record("\(error as Any)")
      return
    }
  }

  @Test("A node without a replica of the shard refuses")
  func notHere() throws {
    #expect(try refusal(on: "node-c") == .notAReplica(Self.shard, "node-c"))
    #expect(
      try refusal(
        of: FragmentPlan("scan", body: []), in: .singleShard(Self.shard), on: "node-c")
        == .notAReplica(Self.shard, "node-c"))
  }

  @Test("A fragment that contradicts its transaction is refused")
  func outside() throws {
    #expect(
      try refusal(in: .singleShard(Self.other))
        == .fragmentOutsideScope(label: "scan", .shard(Self.shard)))
    #expect(
      try refusal(
        of: FragmentPlan("scan", on: Self.shard, at: 4, body: []),
        in: .readOnlyMultiShard(snapshot: 5, shards: [Self.shard]))
        == .fragmentOutsideScope(label: "scan", .snapshot(4, expected: 5)))
  }
}

extension InMemoryControlPlane {
  fileprivate func apply(_ command: Command) throws { _ = try propose(CommandBatch(command)) }
}
