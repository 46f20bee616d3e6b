import AionCatalog
import AionModel
import AionRPC
import Testing

@Suite("Over TLS a node is spoken for by itself, and by admins", .timeLimit(.minutes(1)))
struct NodeRightTests {
  private let authority: TestCertificates
  private let plane = SharedPlane()
  private let timeToLive: TimeToLive

  init() throws {
    authority = try TestCertificates()
    timeToLive = try #require(TimeToLive(.seconds(10)))
  }

  private func start(isStrict: Bool = true) async throws -> Endpoint {
    let server = try authority.replica("node-1")
    return try await plane.serve(1) {
      $0.security = server
      $0.policy = AccessPolicy(
        tokens: [AccessToken("secret", role: .writer)], anonymousRole: nil,
        requiresReplicaCertificate: true)
      $0.policy.requiresNodeCertificate = isStrict
    }
  }

  private func beat(_ node: NodeID) -> Heartbeat {
    Heartbeat(
      node: node, rpcEndpoint: "127.0.0.1:1", agent: 7, timeToLive: timeToLive,
      progress: NodeProgress())
  }

  /// What becomes of a heartbeat, a registration and a node that is written by hand.
  private func outcomes(
    for node: NodeID, at endpoint: Endpoint, showing security: TransportSecurity,
    token: String? = nil
  ) async -> [String?] {
    let client = RemoteControlPlane(to: endpoint, token: token) { $0.security = security }
    var outcomes: [String?] = []
    func note(_ work: () async throws(ClusterError) -> Void) async {
      do throws(ClusterError) {
        try await work()
        outcomes.append(nil)
      } catch {
        outcomes.append(error.sqlState)
      }
    }
    await note { () async throws(ClusterError) in _ = try await client.heartbeat(beat(node)) }
    await note { () async throws(ClusterError) in
      _ = try await client.propose(
        .registerNode(
          node, rpcEndpoint: "127.0.0.1:1", agent: 7, timeToLive: timeToLive,
          renewing: nil))
    }
    await note { () async throws(ClusterError) in
      try await client.upsertNode(NodeDescriptor(id: node, rpcEndpoint: "127.0.0.1:1"))
    }
    await client.close()
    return outcomes
  }

  @Test("A node's certificate is for that node, and writes whatever else writers write")
  func own() async throws {
    let endpoint = try await start()
    let security = try authority.node("node-a")
    #expect(await outcomes(for: "node-a", at: endpoint, showing: security) == [nil, nil, nil])
    let refused: [String?] = ["42501", "42501", "42501"]
    #expect(await outcomes(for: "node-b", at: endpoint, showing: security) == refused)
    #expect(plane.heartbeats.map(\.node) == ["node-a"] && plane.snapshot.node("node-b") == nil)
    #expect(endpoint.meters.forbiddenRequests.value == 3)

    let client = RemoteControlPlane(to: endpoint) { $0.security = security }
    try await client.upsertRole(ClusterRoleDescriptor(name: "anna"))
    let error = await #expect(throws: ClusterError.self) {
      try await client.upsertNode(NodeDescriptor(id: "node-b", rpcEndpoint: "127.0.0.1:1"))
    }
    #expect(error?.message.contains("aionctl certs node node-b") == true)
    await client.close()
    await endpoint.close()
  }

  @Test("Other writers speak for no node, admins for all")
  func others() async throws {
    let endpoint = try await start()
    let refused: [String?] = ["42501", "42501", "42501"]
    let writer = try authority.client("app", .writer)
    #expect(await outcomes(for: "node-a", at: endpoint, showing: writer) == refused)
    guard case .tls(let files) = writer else { return }
    let nameless = TransportSecurity.tls(TLSFiles(identity: nil, authority: files.authority))
    #expect(
      await outcomes(for: "node-a", at: endpoint, showing: nameless, token: "secret") == refused)
    let admin = try authority.client("anna", .admin)
    #expect(await outcomes(for: "node-a", at: endpoint, showing: admin) == [nil, nil, nil])
    await endpoint.close()
  }

  @Test("Where nothing of the kind is asked, every writer speaks for every node")
  func lenient() async throws {
    let endpoint = try await start(isStrict: false)
    let writer = try authority.client("app", .writer)
    #expect(await outcomes(for: "node-a", at: endpoint, showing: writer) == [nil, nil, nil])
    await endpoint.close()
  }

  @Test("Fragments go to a node over its own certificate only")
  func fragments() async throws {
    let catalog = TestCatalog()
    let nodes = InMemoryControlPlane()
    let client = try authority.client("coordinator", .writer)
    let executor = FragmentRig.executor(on: nodes) { $0.security = client }
    for (shown, isRight) in [("node-a", true), ("node-b", false)] {
      var setup = FragmentServer.Setup(
        node: "node-a", cluster: 7, address: Address(host: "127.0.0.1", port: 0))
      setup.security = try authority.node(shown)
      setup.policy = AccessPolicy(anonymousRole: nil, requiresReplicaCertificate: true)
      let server = try await FragmentServer.start(
        setup, catalog: catalog, handler: TestEngine { _, _ in })
      try await nodes.upsertNode(NodeDescriptor(id: "node-a", rpcEndpoint: "\(server.address)"))
      let options = FragmentRuntimeOptions(
        queryID: 1, fragmentID: 1, catalogVersion: 0, placementEpoch: 0, timeout: .seconds(60))
      let plan = FragmentPlan("scan", body: [])
      if isRight {
        #expect(try await executor.execute(on: "node-a", plan, options: options) == [])
      } else {
        let error = await #expect(throws: ClusterError.self) {
          try await executor.execute(on: "node-a", plan, options: options)
        }
        #expect(error?.message.contains("not that of node node-a") == true, "\(error as Any)")
      }
      await server.close()
    }
    executor.close()
  }
}
