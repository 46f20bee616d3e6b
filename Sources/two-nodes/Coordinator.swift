import AionRPC

/// Plans queries, has their fragments executed where the shards are led, and merges the results.
struct Coordinator {
  /// A query as it was planned: what goes where, and with which catalog.
  struct Plan {
    var fragments: [(node: NodeID, shard: ShardKey)]
    var catalogVersion: CatalogVersion
    var placementEpoch: PlacementEpoch
    /// All fragments read at one moment.
    var scope: TxnScope
  }

  let table: TableKey
  let plane: CachedControlPlane
  let executor: FragmentExecutor

  /// One fragment for each shard, all from one version of the catalog.
  func plan() async throws -> Plan {
    let catalog = plane.snapshot()
    let fragments = try catalog.resolveReadShards(of: table).map {
      (node: $0.node, shard: ShardKey(table: table, shard: $0.shard))
    }
    return Plan(
      fragments: fragments, catalogVersion: catalog.catalogVersion,
      placementEpoch: catalog.placementEpoch,
      scope: try await plane.allocateReadSnapshot(fragments.map(\.shard)))
  }

  /// Executes a plan's fragments at the same time, and merges what they find.
  func total(_ plan: Plan, query: QueryID) async throws -> OrderTotal {
    try await withThrowingTaskGroup(of: OrderTotal.self) { group in
      for (number, fragment) in plan.fragments.enumerated() {
        let options = options(plan, query: query, FragmentID(UInt64(number)))
        group.addTask {
          try OrderTotal(
            answer: try await executor.execute(
              on: fragment.node, .orders(.total, "total", on: fragment.shard), options: options))
        }
      }
      return try await group.reduce(OrderTotal(), +)
    }
  }

  /// The same, planned anew for as long as the nodes say that the plan is outdated.
  func total(query: QueryID) async throws -> OrderTotal {
    while true {
      do {
        return try await total(try await plan(), query: query)
      } catch ClusterError.fragmentOutOfStep(_, let mismatch) {
        // What the node knew, this process may not know yet.
        try await plane.waitFor(mismatch.current)
      }
    }
  }

  /// Puts orders where their keys belong, and where copies of those shards are.
  func insert(_ orders: [(key: String, cents: Int)], query: QueryID) async throws {
    let plan = try await plan()
    let catalog = plane.snapshot()
    var slices: [ShardID: [Int]] = [:]
    for order in orders {
      let leader = try catalog.resolveWriteShard(of: table, key: Array(order.key.utf8))
      slices[leader.shard, default: []].append(order.cents)
    }
    var last = FragmentID(0)
    for shard in catalog.shards(of: table) {
      let slice = FragmentPlan.orders(
        .insert(slices[shard.key.shard] ?? []), "insert", on: shard.key)
      for placement in shard.placements {
        last.rawValue += 1
        _ = try await executor.execute(
          on: placement.node, slice,
          options: options(plan, query: query, last, writing: shard.key))
      }
    }
  }

  func options(
    _ plan: Plan, query: QueryID, _ fragment: FragmentID, writing shard: ShardKey? = nil,
    timeout: Duration = .seconds(10)
  ) -> FragmentRuntimeOptions {
    FragmentRuntimeOptions(
      queryID: query, fragmentID: fragment, catalogVersion: plan.catalogVersion,
      placementEpoch: plan.placementEpoch,
      txnScope: shard.map { .singleShard($0) } ?? plan.scope, timeout: timeout)
  }
}

extension FragmentPlan {
  static func orders(
    _ plan: OrderPlan, _ label: String, on shard: ShardKey? = nil
  ) -> FragmentPlan {
    FragmentPlan(shard.map { "\(label) of \($0)" } ?? label, on: shard, body: plan.bytes)
  }
}

extension VersionMismatch {
  /// Up to where the log has what the node knew.
  fileprivate var current: LogIndex {
    switch self {
    case .catalogVersion(_, let current): current.index
    case .placementEpoch(_, let current): current.index
    }
  }
}
