import AionRPC
import ClusterRig
import Foundation

/// What happens, step by step, told as it does.
struct Story {
  static let table = TableKey(database: 1, relation: 16_384)
  static let moving = ShardKey(table: table, shard: 0)
  static let staying = ShardKey(table: table, shard: 1)
  static let nodes: (a: NodeID, b: NodeID) = ("node-a", "node-b")

  let rig: ClusterRig
  let program: String
  let count: Int

  func tell() async throws {
    title("1. One aiond and two nodes")
    try rig.startAll()
    _ = try await rig.leader()
    let remote = RemoteControlPlane(rig.client)
    let plane = try await CachedControlPlane.start(remote)
    let processes = try [Self.nodes.a, Self.nodes.b].map {
      try NodeProcess($0, program: program, server: rig.addresses[0])
    }
    defer { for process in processes { process.close() } }
    try await untilLive(plane, processes)

    let executor = FragmentExecutor(
      FragmentExecutor.Configuration(name: "coordinator", seed: .random(in: 0...UInt64.max)),
      nodes: plane)
    let coordinator = Coordinator(table: Self.table, plane: plane, executor: executor)
    let expected = try await insert(coordinator)
    try await query(coordinator, expected)
    try await outdated(coordinator, expected)
    try await cancel(coordinator)
    try await lose(processes[0], coordinator, expected)
    executor.close()
    await remote.close()
    title("Done.")
  }

  private func untilLive(_ plane: CachedControlPlane, _ processes: [NodeProcess]) async throws {
    while plane.snapshot().liveNodes().count < processes.count {
      try await plane.waitFor(plane.applied.next, within: .seconds(60))
    }
    for node in plane.snapshot().liveNodes() {
      done("\(node.id) registered at \(node.rpcEndpoint)")
    }
  }
}

// MARK: - The steps

extension Story {
  private func insert(_ coordinator: Coordinator) async throws -> OrderTotal {
    title("2. A table of two shards, and its orders")
    for (shard, voters) in [
      (Self.moving, [Self.nodes.a, Self.nodes.b]), (Self.staying, [Self.nodes.b]),
    ] {
      try await coordinator.plane.upsertShard(
        ShardDescriptor(
          key: shard,
          placements: voters.enumerated().map {
            ShardPlacement(
              shard: shard.shard, node: $0.element, role: $0.offset == 0 ? .leader : .follower)
          }))
      done(
        "\(shard): led by \(voters[0])\(voters.count > 1 ? ", with a copy on \(voters[1])" : "")")
    }
    let orders = (1...count).map { (key: "order \($0)", cents: $0 * 7_919 % 10_000) }
    try await coordinator.insert(orders, query: 1)
    done("\(count) orders sent where their keys belong")
    return OrderTotal(orders: count, cents: orders.reduce(0) { $0 + $1.cents })
  }

  private func query(_ coordinator: Coordinator, _ expected: OrderTotal) async throws {
    title("3. A query, in one fragment for each shard")
    let plan = try await coordinator.plan()
    for (node, shard) in plan.fragments { done("\(shard) is summed up on \(node)") }
    try check(try await coordinator.total(plan, query: 2), expected)
  }

  private func outdated(_ coordinator: Coordinator, _ expected: OrderTotal) async throws {
    title("4. A plan that is outdated")
    let old = try await coordinator.plan()
    try await coordinator.plane.transferLeadership(of: .key(Self.moving), to: Self.nodes.b)
    done("\(Self.moving) is led by \(Self.nodes.b) now")
    // A node knows as much as it has heard. One that is asked with a newer plan hears of it first.
    _ = try await waits(on: Self.nodes.a, coordinator, try await coordinator.plan())
    do {
      _ = try await coordinator.total(old, query: 3)
      throw StoryFailure("a plan that was outdated was executed")
    } catch let refusal as ClusterError {
      guard case .fragmentOutOfStep = refusal else { throw refusal }
      done("refused: \(refusal)")
    }
    try check(try await coordinator.total(query: 4), expected)
  }

  private func cancel(_ coordinator: Coordinator) async throws {
    title("5. Fragments that nobody waits for any more")
    let (plan, executor) = (try await coordinator.plan(), coordinator.executor)
    let late = try await refused {
      try await executor.execute(
        on: Self.nodes.b, .orders(.wait, "a wait"),
        options: coordinator.options(plan, query: 5, 1, timeout: .seconds(1)))
    }
    guard case .fragmentTimedOut = late else { throw StoryFailure("not timed out: \(late)") }
    done("its time was over: \(late)")
    let waiting = Task {
      try await refused {
        try await executor.execute(
          on: Self.nodes.b, .orders(.wait, "a wait"),
          options: coordinator.options(plan, query: 5, 2, timeout: .seconds(60)))
      }
    }
    try await until(OrderWaits(waiting: 1, cancelled: 1), coordinator, plan)
    try await executor.cancel(on: Self.nodes.b, query: 5, fragment: 2)
    let refusal = try await waiting.value
    guard refusal == .cancelled else { throw StoryFailure("not cancelled: \(refusal)") }
    try await until(OrderWaits(waiting: 0, cancelled: 2), coordinator, plan)
    done("cancelled by its name: \(Self.nodes.b) has stopped both")
  }

  private func lose(
    _ process: NodeProcess, _ coordinator: Coordinator, _ expected: OrderTotal
  ) async throws {
    title("6. A node that dies")
    process.kill()
    done("\(process.node) (process \(process.identifier)) was killed")
    let plan = try await coordinator.plan()
    let refusal = try await refused {
      try await coordinator.executor.execute(
        on: process.node, .orders(.total, "total", on: Self.moving),
        options: coordinator.options(plan, query: 6, 1, timeout: .seconds(1)))
    }
    guard refusal == .nodeDown(process.node) else { throw StoryFailure("not down: \(refusal)") }
    done("asked all the same: \(refusal)")
    try check(try await coordinator.total(query: 7), expected)
  }

  /// Asks until what has waited on the node is this.
  private func until(
    _ expected: OrderWaits, _ coordinator: Coordinator, _ plan: Coordinator.Plan
  ) async throws {
    var found = OrderWaits()
    for _ in 0..<100_000 where found != expected {
      found = try await waits(on: Self.nodes.b, coordinator, plan)
    }
    guard found == expected else { throw StoryFailure("\(found), not \(expected)") }
  }

  private func waits(
    on node: NodeID, _ coordinator: Coordinator, _ plan: Coordinator.Plan
  ) async throws -> OrderWaits {
    try OrderWaits(
      answer: try await coordinator.executor.execute(
        on: node, .orders(.waits, "a count"), options: coordinator.options(plan, query: 5, 3)))
  }

  /// What a fragment is refused with.
  private func refused(_ work: () async throws -> [UInt8]) async throws -> ClusterError {
    do { _ = try await work() } catch let refusal as ClusterError { return refusal }
    throw StoryFailure("a fragment was executed that should have been refused")
  }

  private func check(_ found: OrderTotal, _ expected: OrderTotal) throws {
    guard found == expected else {
      throw StoryFailure("the nodes found \(found), it should be \(expected)")
    }
    done("\(found.orders) orders of \(found.cents) cents, as many as were sent")
  }

  private func title(_ text: String) { print("\n\(text)") }

  private func done(_ text: String) { print("  ✓ \(text)") }
}
