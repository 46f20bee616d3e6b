import AionModel
import AionRPC
import ClusterRig
import Testing

@Suite("Clients believe no server whose certificate was revoked", .timeLimit(.minutes(2)))
struct ServerRevocationTests {
  private let authority: TestCertificates
  private let plane = SharedPlane()
  private let policy: AccessPolicy

  init() throws {
    authority = try TestCertificates()
    policy = AccessPolicy(anonymousRole: nil, requiresReplicaCertificate: true)
  }

  private var list: String { "\(authority.certificates.folder)/revoked.txt" }

  /// Serves as a replica, with a certificate of its own.
  private func serve(_ replica: ReplicaID) async throws -> Endpoint {
    let security = try authority.replica("node-\(replica)")
    return try await plane.serve(replica) {
      $0.security = security
      $0.policy = policy
    }
  }

  /// An admin's, who goes by the list.
  private func admin() throws -> TLSFiles {
    var files = try authority.certificates.client("admin", .admin)
    files.revoked = list
    return files
  }

  /// Has the list say that the certificates with these names are revoked.
  private func revoke(_ names: String...) throws {
    for name in names { try authority.certificates.revoke(name) }
  }

  private func complaint(
    of work: () async throws(ClusterError) -> Void
  ) async -> ClusterError? {
    do throws(ClusterError) { try await work() } catch { return error }
    return nil
  }

  @Test("The list is read at each connection; one that cannot be read lets none come about")
  func renewed() async throws {
    let endpoint = try await serve(1)
    var files = try admin()
    try revoke("client-admin")
    let before = try await ClientConnection.open(
      to: endpoint.address, as: "x", security: .tls(files))
    try revoke("replica-node-1")
    let end = await #expect(throws: ConnectionEnd.self) {
      _ = try await ClientConnection.open(to: endpoint.address, as: "x", security: .tls(files))
    }
    guard case .tls(let text) = end else {
      Issue.record("\(end as Any)")
      return
    }
    #expect(text.contains("replica node-1, serial ") && text.contains("was revoked"), "\(text)")
    #expect(before.isOpen)
    files.revoked = files.authority
    await #expect(
      throws: ConnectionEnd.tls(
        "\(files.authority): line 1, '-----BEGIN', is not the serial number of a certificate in "
          + "hexadecimal")
    ) { _ = try await ClientConnection.open(to: endpoint.address, as: "x", security: .tls(files)) }
    files.revoked = "/nowhere"
    await #expect(
      throws: ConnectionEnd.tls("/nowhere, a list of what is revoked, cannot be read")
    ) { _ = try await ClientConnection.open(to: endpoint.address, as: "x", security: .tls(files)) }
    await endpoint.close()
  }

  @Test("A control plane is asked where its replicas are believed, and nowhere else")
  func controlPlane() async throws {
    let (first, second) = (try await serve(1), try await serve(2))
    try revoke("replica-node-1")
    let security = TransportSecurity.tls(try admin())
    plane.lead(2)
    let client = RemoteControlPlane(to: first, second) { $0.security = security }
    #expect(try await client.status().replica.replica == 2)
    let cache = try await CachedControlPlane.start(client)
    #expect(cache.snapshot().applied == plane.snapshot.applied)
    cache.close()
    await client.close()
    #expect(first.meters.requests.value == 0)

    let lost = RemoteControlPlane(to: first) { $0.security = security }
    let complaints = [
      await complaint { () async throws(ClusterError) in _ = try await lost.status() },
      await complaint { () async throws(ClusterError) in _ = try await lost.databases() },
      await complaint { () async throws(ClusterError) in
        _ = try await CachedControlPlane.start(lost)
      },
      await complaint { () async throws(ClusterError) in
        _ = try await NodeAgent.start(
          NodeAgent.Configuration(node: "node-a", rpcEndpoint: "127.0.0.1:1"), on: lost)
      },
    ]
    for error in complaints {
      #expect(error?.sqlState == "08001")
      #expect(error?.message.contains("was revoked") == true, "\(error as Any)")
    }
    #expect(plane.heartbeats.isEmpty)
    await lost.close()
    for endpoint in [first, second] { await endpoint.close() }
  }

  @Test("No fragment is sent to a node whose certificate was revoked")
  func fragments() async throws {
    let nodes = InMemoryControlPlane()
    var setup = FragmentServer.Setup(
      node: "node-a", cluster: 7, address: Address(host: "127.0.0.1", port: 0))
    setup.security = try authority.node("node-a")
    setup.policy = policy
    let server = try await FragmentServer.start(
      setup, catalog: TestCatalog(), handler: TestEngine { _, _ in })
    try await nodes.upsertNode(NodeDescriptor(id: "node-a", rpcEndpoint: "\(server.address)"))
    let security = TransportSecurity.tls(try admin())
    let options = FragmentRuntimeOptions(
      queryID: 1, fragmentID: 1, catalogVersion: 0, placementEpoch: 0, timeout: .seconds(60))
    func outcome() async -> ClusterError? {
      let executor = FragmentRig.executor(on: nodes) { $0.security = security }
      defer { executor.close() }
      return await complaint { () async throws(ClusterError) in
        _ = try await executor.execute(
          on: "node-a", FragmentPlan("scan", body: []), options: options)
      }
    }
    try revoke("client-admin")
    #expect(await outcome() == nil, "what the other side shows is held against the list")
    try revoke("node-node-a")
    let error = await outcome()
    #expect(error?.sqlState == "08001")
    #expect(error?.message.contains("(node node-a, serial ") == true, "\(error as Any)")
    #expect(server.activity.begun == 1)
    await server.close()
  }

  @Test("aionctl --revoked names the server that it does not believe")
  func program() async throws {
    let endpoint = try await serve(1)
    let files = try admin()
    let own = try #require(files.identity)
    func run() async throws -> Program {
      try await Program.aionctl([
        "status", "-s", "\(endpoint.address)", "--certificate", own.certificate, "--key", own.key,
        "--authority", files.authority, "--revoked", list,
      ])
    }
    try revoke("client-admin")
    let believed = try await run()
    #expect(believed.exitCode == 0, "\(believed.errors)")
    try revoke("replica-node-1")
    let doubted = try await run()
    #expect(doubted.exitCode == 2)
    #expect(doubted.errors.contains("(replica node-1, serial "), "\(doubted.errors)")
    #expect(doubted.errors.contains("was revoked"), "\(doubted.errors)")
    await endpoint.close()
  }
}
