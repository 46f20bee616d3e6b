import AionModel
import AionRPC
import ClusterRig
import Testing

@Suite("Connections to nodes follow the catalog", .timeLimit(.minutes(1)))
struct NodeLinkTests {
  private let plan = FragmentPlan("scan", body: [])

  @Test("A node that the catalog does not know, or knows to be down, is not asked")
  func notThere() async throws {
    let rig = try await FragmentRig { _, _ in }
    await #expect(throws: ClusterError.unknownNode("node-z")) {
      try await rig.executor.execute(on: "node-z", plan, options: rig.options())
    }
    try await rig.plane.markNode("node-b", live: false)
    await #expect(throws: ClusterError.nodeDown("node-b")) {
      try await rig.executor.execute(on: "node-b", plan, options: rig.options())
    }
    await #expect(throws: ClusterError.nodeDown("node-b")) {
      try await rig.executor.cancel(on: "node-b", query: 1, fragment: 1)
    }
    await rig.close()
  }

  @Test("A node that nobody reaches in the fragment's time is down, and why can be seen")
  func unreachable() async throws {
    let rig = try await FragmentRig { _, _ in }
    await #expect(throws: ClusterError.nodeDown("node-b")) {
      try await rig.executor.execute(
        on: "node-b", plan, options: rig.options(timeout: .milliseconds(200)))
    }
    let asked = rig.options()
    let task = Task { try await rig.executor.execute(on: "node-b", plan, options: asked) }
    guard case .network = await rig.executor.failure(to: "node-b") else {
      Issue.record("\(rig.executor.connections)")
      return
    }
    task.cancel()
    await #expect(throws: ClusterError.cancelled) { try await task.value }
    await rig.close()
  }

  @Test("A connection is kept, and given up when its node is gone from the catalog")
  func gone() async throws {
    let rig = try await FragmentRig { _, _ in }
    for _ in 0..<3 { _ = try await rig.execute() }
    #expect(rig.server.meters.acceptedConnections.value == 1)
    #expect(rig.executor.connections.map(\.isConnected) == [true])
    try await rig.plane.removeShards(of: FragmentRig.orders)
    try await rig.plane.removeNode("node-a")
    await #expect(throws: ClusterError.unknownNode("node-a")) { try await rig.execute() }
    #expect(rig.executor.connections.isEmpty)
    await rig.close()
  }

  @Test("A node that has moved is found where it is now")
  func moved() async throws {
    let rig = try await FragmentRig { _, _ in }
    _ = try await rig.execute()
    let moved = try await FragmentRig.serve("node-a", rig.catalog) {
      _, result throws(ClusterError) in try await result.send([2])
    }
    try await rig.plane.upsertNode(NodeDescriptor(id: "node-a", rpcEndpoint: "\(moved.address)"))
    rig.catalog.learn(rig.plane.snapshot())
    #expect(try await rig.execute() == [2])
    #expect(rig.executor.connections.map(\.address) == [moved.address])
    await moved.close()
    await rig.close()
  }

  @Test("A node that comes late is dialled again until it is there")
  func late() async throws {
    let rig = try await FragmentRig { _, _ in }
    let address = Address(host: "127.0.0.1", port: try FreePorts.take(1)[0])
    try await rig.plane.upsertNode(NodeDescriptor(id: "node-a", rpcEndpoint: "\(address)"))
    rig.catalog.learn(rig.plane.snapshot())
    let task = rig.begin()
    _ = await rig.executor.failure(to: "node-a")
    let late = try await FragmentRig.serve("node-a", rig.catalog, at: address) { _, _ in }
    #expect(await task.value == .success([]))
    await late.close()
    await rig.close()
  }

  @Test("Another node at the address is not taken for the one that was meant")
  func impostor() async throws {
    let rig = try await FragmentRig { _, _ in }
    let other = try await FragmentRig.serve("node-c", rig.catalog) { _, _ in }
    try await rig.plane.upsertNode(NodeDescriptor(id: "node-b", rpcEndpoint: "\(other.address)"))
    let asked = rig.options()
    let task = Task { try await rig.executor.execute(on: "node-b", plan, options: asked) }
    #expect(
      await rig.executor.failure(to: "node-b")
        == .refused(.addressee(asked: .node("node-b"), found: .node("node-c"))))
    task.cancel()
    await #expect(throws: ClusterError.cancelled) { try await task.value }
    #expect(other.activity.begun == 0)
    await other.close()
    await rig.close()
  }

  @Test("A node is no replica of the control plane, and a replica no node")
  func notAReplica() async throws {
    let rig = try await FragmentRig { _, _ in }
    let endpoint = try await Endpoint.start(for: TestHost(1))
    endpoint.connect(to: 2, at: rig.server.address)
    #expect(
      await endpoint.untilRefused(by: 2)
        == .refused(.addressee(asked: .replica(2), found: .node("node-a"))))
    await #expect(
      throws: ConnectionEnd.refused(.addressee(asked: nil, found: .node("node-a")))
    ) { _ = try await ClientConnection.open(to: rig.server.address, as: "aionctl") }
    await #expect(
      throws: ConnectionEnd.refused(.addressee(asked: .node("node-a"), found: .replica(1)))
    ) {
      _ = try await ClientConnection.open(
        to: endpoint.address, addressee: .node("node-a"), as: "test")
    }
    await endpoint.close()
    await rig.close()
  }

  @Test("A fragment whose connection is lost may have been executed, unless it only reads")
  func lost() async throws {
    for (scope, expected) in [
      (TxnScope.singleShard(FragmentRig.shard), ClusterError.outcomeUnknown),
      (.readOnlyMultiShard(snapshot: 1, shards: [FragmentRig.shard]), .nodeDown("node-a")),
    ] {
      let gate = Gate()
      let rig = try await FragmentRig { _, _ throws(ClusterError) in try await gate.pass() }
      var options = rig.options()
      options.txnScope = scope
      let asked = options
      let task = Task {
        try await rig.executor.execute(on: "node-a", plan, options: asked)
      }
      await gate.untilHeld(1)
      rig.executor.close()
      await #expect(throws: expected) { try await task.value }
      await rig.close()
    }
  }
}

extension FragmentExecutor {
  /// Waits until an attempt to connect to a node has failed.
  fileprivate func failure(to node: NodeID) async -> ConnectionEnd {
    while true {
      if let end = connections.first(where: { $0.node == node })?.lastFailure { return end }
      await Task.yield()
    }
  }
}
