import AionModel
import AionRPC
import ClusterRig
import Testing

@Suite("TLS decides who is who", .timeLimit(.minutes(1)))
struct TLSTests {
  private let authority: TestCertificates
  private let server: TransportSecurity

  init() throws {
    authority = try TestCertificates()
    server = try authority.replica("node-2")
  }

  private func start(
    _ host: TestHost, _ security: TransportSecurity, tokens: AccessToken...
  ) async throws -> Endpoint {
    try await Endpoint.start(for: host) {
      $0.security = security
      $0.policy = AccessPolicy(
        tokens: tokens, anonymousRole: nil, requiresReplicaCertificate: true)
    }
  }

  @Test("Replicas that show each other a replica's certificate talk")
  func replicas() async throws {
    let right = TestHost(2)
    let from = try await start(TestHost(1), authority.replica("node-1"))
    let to = try await start(right, server)
    from.connect(to: 2, at: to.address)
    await from.untilConnected(to: 2)
    from.send([1, 2, 3], to: 2)
    #expect(await right.next(1).map(\.envelope) == [[1, 2, 3]])
    await from.close()
    await to.close()
  }

  @Test("A replica is heard under the name of its certificate only; a client's makes no replica")
  func noReplica() async throws {
    let to = try await start(TestHost(2), server)
    let others: [(TransportSecurity, String)] = [
      (try authority.replica("node-3"), "that of replica node-3, it calls itself node-1"),
      (try authority.client("anna", .admin), "not a replica's, but that of client admin"),
    ]
    for (security, reason) in others {
      let from = try await start(TestHost(1), security)
      from.connect(to: 2, at: to.address)
      guard case .refused(.unauthenticated(let text)) = await from.untilRefused(by: 2) else {
        Issue.record("let in: \(from.standings)")
        return
      }
      #expect(text.contains(reason), "\(text)")
      await from.close()
    }
    #expect(to.meters.refusedHellos.value > 0)
    await to.close()
  }

  @Test("A replica sends nothing to a server whose certificate is another's, or a client's")
  func dialled() async throws {
    let from = try await start(TestHost(1), authority.replica("node-1"))
    let others: [(TransportSecurity, String)] = [
      (try authority.replica("node-3"), "that of replica node-3, it calls itself node-2"),
      (try authority.client("anna", .admin), "not for this use"),
    ]
    for (security, reason) in others {
      let right = TestHost(2)
      let to = try await start(right, security)
      from.connect(to: 2, at: to.address)
      guard case .tls(let text) = await from.untilRefused(by: 2) else {
        Issue.record("connected: \(from.standings)")
        return
      }
      #expect(text.contains(reason), "\(text)")
      from.disconnect(from: 2)
      await to.close()
    }
    await from.close()
  }

  @Test("A client's certificate names its role, a replica's is an admin's")
  func roles() async throws {
    let endpoint = try await start(TestHost(2), server)
    for role in ClientRole.allCases {
      let security = try authority.client("\(role)", role)
      let client = try await ClientConnection.open(
        to: endpoint.address, as: "x", security: security)
      #expect(client.welcome.role == role)
    }
    let replica = try await ClientConnection.open(
      to: endpoint.address, as: "x", security: authority.replica("node-1"))
    #expect(replica.welcome.role == .admin)
    await endpoint.close()
  }

  @Test("Over TLS a token is enough, and nothing at all is not")
  func token() async throws {
    let endpoint = try await start(
      TestHost(2), server, tokens: AccessToken("open sesame", role: .writer))
    guard case .tls(let files) = server else { return }
    let nameless = TransportSecurity.tls(TLSFiles(identity: nil, authority: files.authority))
    let client = try await ClientConnection.open(
      to: endpoint.address, as: "x", token: "open sesame", security: nameless)
    #expect(client.welcome.role == .writer)
    await #expect(
      throws: ConnectionEnd.refused(.unauthenticated("show a client certificate, or a token"))
    ) {
      _ = try await ClientConnection.open(to: endpoint.address, as: "x", security: nameless)
    }
    await endpoint.close()
  }

  @Test("Files that are no certificates are refused before anything listens, each by its name")
  func noCertificates() async throws {
    guard case .tls(let good) = server, let own = good.identity else { return }
    let other = try authority.certificates.replica("other")
    func fault(_ identity: TLSFiles.Identity?, _ authority: String) async -> ListenFault? {
      let files = TLSFiles(identity: identity, authority: authority)
      return await #expect(throws: ListenFault.self) {
        _ = try await Endpoint.start(for: TestHost(1)) { $0.security = .tls(files) }
      }
    }
    let nowhere = TLSFiles.Identity(certificate: "/nowhere", key: own.key)
    #expect(await fault(nowhere, good.authority) == .tls(.notACertificate(file: "/nowhere")))
    let keyless = TLSFiles.Identity(certificate: own.certificate, key: good.authority)
    #expect(await fault(keyless, good.authority) == .tls(.notAKey(file: good.authority)))
    #expect(await fault(own, own.key) == .tls(.notACertificate(file: own.key)))
    #expect(await fault(nil, good.authority) == .tls(.noIdentity))
    let mixed = TLSFiles.Identity(certificate: own.certificate, key: other.identity?.key ?? "")
    guard case .tls(.unusable(let text))? = await fault(mixed, good.authority) else {
      Issue.record("another certificate's key was taken")
      return
    }
    #expect(text.contains(own.certificate))
  }
}
