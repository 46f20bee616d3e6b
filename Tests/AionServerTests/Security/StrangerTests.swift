import AionModel
import AionRPC
import AionServer
import ClusterRig
import Foundation
import NIOCore
import Testing

@Suite("Strangers at a group with certificates", .serialized, .timeLimit(.minutes(5)))
struct StrangerTests {
  private static let handshakes = "aion_transport_handshakes_failed_total"
  private static let hellos = "aion_transport_hellos_refused_total"
  private static let forbidden = "aion_transport_requests_forbidden_total"

  private struct Stranger {
    var name: String
    var security: TransportSecurity
    /// What it is told.
    var reason: String
    /// What counts it.
    var metric: String
  }

  @Test("Each certificate that does not hold is refused in words, counted, and harms nobody")
  func strangers() async throws {
    try await ClusterRig.runSecurely(founders: 3) { rig, certificates in
      for stranger in try Self.strangers(certificates, rig.folder) {
        let before = try await rig.count(stranger.metric)
        let told = await rig.refusal(of: stranger.security)
        #expect(told.contains(stranger.reason), "\(stranger.name) is told: \(told)")
        try await rig.until(stranger.metric, isAtLeast: before + 1)
        await rig.checkServes(after: stranger.name)
      }
      let log = try (1...3).map { try rig.log(of: $0) }.joined()
      #expect(log.contains("a caller was not let in"))
    }
  }

  private static func strangers(
    _ certificates: DevelopmentCertificates, _ folder: String
  ) throws -> [Stranger] {
    let other = try DevelopmentCertificates(in: "\(folder)/other")
    let good = try certificates.client("good", .admin)
    let forged = try other.client("forged", .admin)
    let old = try certificates.client(
      "old", .admin, "--not-before", "2020-01-01", "--days", "1")
    let young = try certificates.client(
      "young", .admin, "--not-before", "2036-01-01", "--days", "1")
    func files(_ identity: TLSFiles.Identity?, _ authority: String) -> TransportSecurity {
      .tls(TLSFiles(identity: identity, authority: authority))
    }
    return [
      Stranger(
        name: "another authority's certificate", security: files(forged.identity, good.authority),
        reason: "does not believe the authority of this side's", metric: handshakes),
      Stranger(
        name: "belief in another authority", security: files(good.identity, forged.authority),
        reason: "not from an authority that is believed here", metric: handshakes),
      Stranger(
        name: "an expired certificate", security: .tls(old), reason: "has expired",
        metric: handshakes),
      Stranger(
        name: "a certificate of the future", security: .tls(young), reason: "is not valid yet",
        metric: handshakes),
      Stranger(
        name: "no TLS", security: .plaintext(), reason: "does it want TLS", metric: handshakes),
      Stranger(
        name: "no certificate", security: files(nil, good.authority),
        reason: "show a client certificate, or a token", metric: hellos),
    ]
  }

  @Test("A reader writes nothing, a writer manages nobody; both are told what they lack")
  func roles() async throws {
    try await ClusterRig.runSecurely(founders: 3) { rig, certificates in
      var configuration = rig.client
      configuration.security = .tls(try certificates.client("reader", .reader))
      let reader = RemoteControlPlane(configuration)
      configuration.security = .tls(try certificates.client("writer", .writer))
      let writer = RemoteControlPlane(configuration)
      let before = try await rig.count(Self.forbidden)

      #expect(try await reader.databases().isEmpty)
      let write = await #expect(throws: ClusterError.self) {
        _ = try await reader.createDatabase(CreateDatabaseRequest(name: "shop", owner: "anna"))
      }
      #expect(write?.sqlState == "42501")
      #expect(write?.message.contains("needs the role writer, the client has reader") == true)

      _ = try await writer.createDatabase(CreateDatabaseRequest(name: "shop", owner: "anna"))
      let management = await #expect(throws: ClusterError.self) {
        try await writer.manage(.remove(1))
      }
      #expect(management?.sqlState == "42501")
      #expect(management?.message.contains("needs the role admin, the client has writer") == true)
      #expect(try await rig.count(Self.forbidden) >= before + 2)
      await reader.close()
      await writer.close()
      await rig.checkServes(after: "roles")
    }
  }

  @Test("Who has a client's certificate, or another replica's, is no replica of the group")
  func impostors() async throws {
    try await ClusterRig.runSecurely(founders: 3) { rig, certificates in
      let before = try await rig.count(Self.hellos)
      let impostors: [(TLSFiles, String)] = [
        (try certificates.client("client", .admin), "not a replica's, but that of client admin"),
        (try certificates.replica("n9"), "that of replica n9, it calls itself n2"),
      ]
      for (files, reason) in impostors {
        let answer = try await Self.introduce("n2", with: files, to: rig.address(of: 1))
        #expect(answer.contains(reason), "\(answer)")
      }
      #expect(try await rig.count(Self.hellos) >= before + 2)
      // A process that was given such a certificate does not even start.
      for (files, reason) in impostors {
        let ended = try Ended("aiond", Self.arguments("n2", files, join: rig.address(of: 1)))
        #expect(ended.status == 78)
        #expect(ended.errors.contains("is the certificate of"), "\(reason): \(ended.errors)")
      }
      await rig.checkServes(after: "impostors")
    }
  }

  /// - Returns: The refusal.
  private static func introduce(
    _ name: String, with files: TLSFiles, to address: Address
  ) async throws -> String {
    let identity = PeerIdentity(replica: 2, name: name, address: "127.0.0.1:1")
    let hello = Hello(
      cluster: nil, addressee: .replica(1), caller: .replica(identity, .messages),
      frameLimit: .mebibytes(1))
    let caller = try await RawCaller.call(address, over: files)
    caller.send(Frame(.hello, payload: hello.encoded()).bytes)
    let frame = try #require(try Frame(whole: try await caller.untilCut()))
    #expect(frame.kind == .refusal)
    return "\(try HelloRefusal(decoding: frame.payload))"
  }

  private static func arguments(
    _ name: String, _ files: TLSFiles, join address: Address
  ) -> [String] {
    [
      "--data", "/nowhere/data", "--name", name, "--http", "", "--listen", "127.0.0.1:9", "--join",
      "\(address)", "--tls-certificate", files.identity?.certificate ?? "", "--tls-key",
      files.identity?.key ?? "", "--tls-authority", files.authority,
    ]
  }

  @Test("TLS to a server that speaks none ends in words, is counted, and harms nobody")
  func tlsToPlaintext() async throws {
    try await ClusterRig.run(founders: 1) { rig in
      _ = try await rig.leader()
      let certificates = try DevelopmentCertificates(in: "\(rig.folder)/certs")
      let faults = "aion_transport_faults_total"
      let before = try await rig.count(faults)
      let told = await rig.refusal(of: .tls(try certificates.client("anna", .admin)))
      #expect(told.contains("does it speak TLS?"), "\(told)")
      try await rig.until(faults, isAtLeast: before + 1)
      await rig.checkServes(after: "TLS")
    }
  }
}

extension Frame {
  var bytes: [UInt8] {
    var buffer = ByteBuffer()
    buffer.writeFrame(self)
    return Array(buffer.readableBytesView)
  }

  /// The first frame of what was heard; nil when there is none.
  init?(whole bytes: [UInt8]) throws {
    var buffer = ByteBuffer(bytes: bytes)
    guard let frame = try FrameDecoder.decode(&buffer, limit: .mebibytes(1)) else {
      return nil
    }
    self = frame
  }
}
