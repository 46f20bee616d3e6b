import AionModel
import AionRPC
import ClusterRig
import Testing

@Suite("Certificates change while a process runs", .timeLimit(.minutes(2)))
struct RenewalTests {
  private let authority: TestCertificates
  private let server: TransportSecurity
  private let policy = AccessPolicy(anonymousRole: nil, requiresReplicaCertificate: true)

  init() throws {
    authority = try TestCertificates()
    server = try authority.replica("node-2")
  }

  private func start(
    _ host: TestHost, _ security: TransportSecurity
  ) async throws -> Endpoint {
    try await Endpoint.start(for: host) {
      $0.security = security
      $0.policy = policy
    }
  }

  private func revoking(_ securities: TransportSecurity...) throws -> AccessPolicy {
    var policy = policy
    for case .tls(let files) in securities {
      let file = try #require(files.identity).certificate
      policy.revoked.insert(try Certificate(file: file).serial)
    }
    return policy
  }

  private func call(_ client: ClientConnection) async throws {
    #expect(try await client.call(Request([5], timeout: .seconds(60))) == [5])
  }

  @Test("Who comes next sees the new certificate, and who is there already stays")
  func renewed() async throws {
    let endpoint = try await start(TestHost(2), server)
    let old = try authority.client("old", .reader)
    let before = try await ClientConnection.open(to: endpoint.address, as: "x", security: old)
    let other = try TestCertificates()
    try endpoint.renew(try other.replica("node-2"), policy)
    try await call(before)
    let new = try other.client("new", .writer)
    let after = try await ClientConnection.open(to: endpoint.address, as: "x", security: new)
    try await call(after)
    // Neither side believes the other any more.
    await #expect(throws: ConnectionEnd.self) {
      _ = try await ClientConnection.open(to: endpoint.address, as: "x", security: old)
    }
    await endpoint.close()
  }

  @Test("Files that are of no use change nothing, and TLS is not given up")
  func useless() async throws {
    let endpoint = try await start(TestHost(2), server)
    guard case .tls(var files) = server else { return }
    files.authority = "/nowhere"
    #expect(throws: TLSFault.notACertificate(file: "/nowhere")) {
      try endpoint.renew(.tls(files), policy)
    }
    #expect(throws: TLSFault.protectionChanged) { try endpoint.renew(.plaintext(), policy) }
    let security = try authority.client("anna", .reader)
    let client = try await ClientConnection.open(
      to: endpoint.address, as: "x", security: security)
    try await call(client)
    await endpoint.close()
  }

  @Test("Who has a certificate that was revoked is cut off and not let in again, nobody else")
  func revoked() async throws {
    let endpoint = try await start(TestHost(2), server)
    let (anna, bert) = (try authority.client("anna", .admin), try authority.client("bert", .reader))
    let first = try await ClientConnection.open(to: endpoint.address, as: "x", security: anna)
    let second = try await ClientConnection.open(to: endpoint.address, as: "x", security: bert)
    try endpoint.renew(server, try revoking(anna))
    while first.isOpen { await Task.yield() }
    try await call(second)
    let end = await #expect(throws: ConnectionEnd.self) {
      _ = try await ClientConnection.open(to: endpoint.address, as: "x", security: anna)
    }
    guard case .refused(.unauthenticated(let text)) = end else {
      Issue.record("\(end as Any)")
      return
    }
    #expect(text.contains("client admin") && text.contains("was revoked"), "\(text)")
    let again = try await ClientConnection.open(to: endpoint.address, as: "x", security: bert)
    try await call(again)
    await endpoint.close()
  }

  @Test("A replica's is not listened to, nor is anything sent to it")
  func revokedReplica() async throws {
    let own = try authority.replica("node-1")
    let (from, to) = (try await start(TestHost(1), own), try await start(TestHost(2), server))
    from.connect(to: 2, at: to.address)
    await from.untilConnected(to: 2)
    try from.renew(own, try revoking(server))
    guard case .tls(let text) = await from.untilNot(connectedTo: 2) else {
      Issue.record("\(from.standings)")
      return
    }
    #expect(text.contains("replica node-2") && text.contains("was revoked"), "\(text)")
    try from.renew(own, policy)
    await from.untilConnected(to: 2)
    try to.renew(server, try revoking(own))
    guard case .refused(.unauthenticated) = await from.untilNot(connectedTo: 2) else {
      Issue.record("\(from.standings)")
      return
    }
    await from.close()
    await to.close()
  }

  @Test("A list is read as people and OpenSSL write it, and not otherwise")
  func list() throws {
    let list = try RevocationList(text: "# gone\n\n00:ab:01 anna, client\n  FF\r\n")
    #expect(list.serials.count == 2)
    #expect(list.contains(try #require(CertificateSerial("AB01"))))
    #expect(list.contains(try #require(CertificateSerial("0ff"))))
    let fault = #expect(throws: RevocationFault.self) { try RevocationList(text: "AB\nanna\n") }
    #expect(fault?.line == 2 && fault?.text == "anna")
    #expect(CertificateSerial("") == nil && CertificateSerial("12 34") == nil)
    #expect(CertificateSerial(String(repeating: "A", count: 41)) == nil)
  }
}

extension Endpoint {
  /// Waits until there is no connection to a replica because of what it was told last: not merely
  /// that the one before has ended.
  fileprivate func untilNot(connectedTo peer: ReplicaID) async -> ConnectionEnd {
    while true {
      let standing = standings.first { $0.replica == peer }
      if let standing, !standing.isConnected, let end = standing.lastEnd, end != .closed {
        if case .network = end {} else { return end }
      }
      await Task.yield()
    }
  }
}
