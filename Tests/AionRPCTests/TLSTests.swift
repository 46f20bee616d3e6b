import AionModel
import AionRPC
import StockTools
import Testing

@Suite("TLS decides who is who", .timeLimit(.minutes(1)))
struct TLSTests {
  private static let strict = AccessPolicy(anonymousRole: nil, requiresReplicaCertificate: true)

  private let authority: TestAuthority
  private let server: TransportSecurity

  init() throws {
    authority = try TestAuthority()
    server = try Self.security(authority, "server", names: ["URI:aion:replica"])
  }

  private static func security(
    _ authority: TestAuthority, _ name: String, names: [String]
  ) throws -> TransportSecurity {
    let files = try authority.issue(name, names: names)
    return .tls(
      TLSFiles(certificate: files.certificate, key: files.key, authority: files.authority))
  }

  private func start(
    _ host: TestHost, _ security: TransportSecurity
  ) async throws -> Endpoint {
    try await Endpoint.start(for: host) {
      $0.security = security
      $0.policy = Self.strict
    }
  }

  @Test("Replicas that show each other a replica's certificate talk")
  func replicas() async throws {
    let right = TestHost(2)
    let from = try await start(
      TestHost(1), Self.security(authority, "other", names: ["URI:aion:replica"]))
    let to = try await start(right, server)
    from.connect(to: 2, at: to.address)
    await from.untilConnected(to: 2)
    from.send([1, 2, 3], to: 2)
    #expect(await right.next(1).map(\.envelope) == [[1, 2, 3]])
    await from.close()
    await to.close()
  }

  @Test("A certificate that is not a replica's makes no replica")
  func noReplica() async throws {
    let from = try await start(
      TestHost(1), Self.security(authority, "client", names: ["URI:aion:admin"]))
    let to = try await start(TestHost(2), server)
    from.connect(to: 2, at: to.address)
    guard case .refused(.unauthenticated) = await from.untilRefused(by: 2) else {
      Issue.record("let in: \(from.standings)")
      return
    }
    await from.close()
    await to.close()
  }

  @Test("A client's certificate names its role; one that names none lets nobody in")
  func roles() async throws {
    let endpoint = try await start(TestHost(1), server)
    for (name, role) in [("reader", ClientRole.reader), ("admin", .admin)] {
      let security = try Self.security(authority, name, names: ["URI:aion:\(name)"])
      let client = try await ClientConnection.open(
        to: endpoint.address, as: name, security: security)
      #expect(client.welcome.role == role)
    }
    let nobody = try Self.security(authority, "nobody", names: [])
    await #expect(
      throws: ConnectionEnd.refused(.unauthenticated("show a client certificate, or a token"))
    ) {
      _ = try await ClientConnection.open(to: endpoint.address, as: "x", security: nobody)
    }
    await endpoint.close()
  }

  @Test("Another authority's certificate is worth nothing, on either side")
  func otherAuthority() async throws {
    let endpoint = try await start(TestHost(1), server)
    let stranger = try Self.security(TestAuthority(), "stranger", names: ["URI:aion:admin"])
    await #expect(throws: ConnectionEnd.self) {
      _ = try await ClientConnection.open(to: endpoint.address, as: "x", security: stranger)
    }
    await endpoint.close()
  }

  @Test("Plaintext to a TLS listener, and TLS to a plaintext one, end without harm")
  func mixed() async throws {
    let protected = try await start(TestHost(1), server)
    await #expect(throws: ConnectionEnd.self) {
      _ = try await ClientConnection.open(to: protected.address, as: "x")
    }
    let plain = try await Endpoint.start(for: TestHost(2))
    await #expect(throws: ConnectionEnd.self) {
      _ = try await ClientConnection.open(to: plain.address, as: "x", security: server)
    }
    let client = try await ClientConnection.open(to: plain.address, as: "x")
    #expect(try await client.call(Request([1], timeout: .seconds(60))) == [1])
    await protected.close()
    await plain.close()
  }

  @Test("Files that are no certificates are refused before anything listens")
  func noCertificates() async throws {
    let files = TLSFiles(certificate: "/nowhere", key: "/nowhere", authority: "/nowhere")
    await #expect(throws: ListenFault.self) {
      try await Endpoint.start(for: TestHost(1)) { $0.security = .tls(files) }
    }
  }
}
