import AionRPC
import ClusterRig
import Foundation
import Testing

@Suite("Certificates and tokens change without a restart", .serialized, .timeLimit(.minutes(5)))
struct RenewingTests {
  /// A group of three whose files the test may change.
  private static func run(
    _ body: (ClusterRig, DevelopmentCertificates) async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("aion-rig-\(UUID().uuidString)").path
    let certificates = try DevelopmentCertificates(in: "\(folder)/certs")
    let files = ["revoked.txt", "tokens.txt"].map { "\(folder)/certs/\($0)" }
    for file in files { try "".write(toFile: file, atomically: true, encoding: .utf8) }
    let rig = try ClusterRig(
      program: #require(ProgramPath.find("aiond")), folder: folder, founders: 3,
      heartbeat: .milliseconds(50), options: ["--tls-revoked", files[0], "--tokens", files[1]],
      certificates: certificates)
    defer { rig.close() }
    try rig.startAll()
    _ = try await rig.leader()
    try await body(rig, certificates)
  }

  /// Sends SIGHUP to all, and waits until their logs say this once more.
  private static func hangUp(_ rig: ClusterRig, until words: String) async throws {
    func count(_ number: Int) throws -> Int {
      try rig.log(of: number).components(separatedBy: words).count
    }
    for number in rig.numbers {
      let before = try count(number)
      try rig.hangUp(number)
      while try count(number) <= before {
        try Task.checkCancellation()
        await Task.yield()
      }
    }
  }

  @Test("SIGHUP: who is revoked is cut off everywhere, the others and the group go on")
  func revoked() async throws {
    try await Self.run { rig, certificates in
      let anna = try certificates.client("anna", .reader)
      let bert = try certificates.client("bert", .reader)
      let first = try await ClientConnection.open(
        to: rig.address(of: 1), as: "anna", security: .tls(anna))
      let second = try await ClientConnection.open(
        to: rig.address(of: 1), as: "bert", security: .tls(bert))
      try certificates.revoke("client-anna")
      try await Self.hangUp(rig, until: "renewed")
      while first.isOpen { await Task.yield() }
      #expect(second.isOpen)
      for number in rig.numbers {
        let end = await rig.refusal(of: .tls(anna), at: number)
        #expect(end.contains("client reader") && end.contains("was revoked"), "\(end)")
      }
      await rig.checkServes(after: "a revocation")
    }
  }

  @Test("SIGHUP: a renewed certificate is shown, a new token let in; a list that is damaged is not")
  func renewed() async throws {
    try await Self.run { rig, certificates in
      let own = try certificates.client("anna", .reader)
      let nameless = TransportSecurity.tls(TLSFiles(identity: nil, authority: own.authority))
      let before = try await certificateEnd(rig)
      #expect(await rig.refusal(of: nameless, token: "sesame").contains("unknown token"))
      for number in rig.numbers {
        let name = "\(certificates.folder)/replica-n\(number)"
        for file in ["\(name).pem", "\(name).key"] {
          try FileManager.default.removeItem(atPath: file)
        }
        _ = try certificates.replica("n\(number)", "--days", "700")
      }
      try "writer sesame\n".write(
        toFile: "\(certificates.folder)/tokens.txt", atomically: true, encoding: .utf8)
      try await Self.hangUp(rig, until: "renewed")
      #expect(await rig.refusal(of: nameless, token: "sesame").contains("let in"))
      #expect(try await certificateEnd(rig) > before + 300 * 86_400)

      try "what\n".write(
        toFile: "\(certificates.folder)/revoked.txt", atomically: true, encoding: .utf8)
      try await Self.hangUp(rig, until: "kept what it had")
      #expect(try rig.log(of: 1).contains("line 1, 'what'"))
      #expect(await rig.refusal(of: nameless, token: "sesame").contains("let in"))
      await rig.checkServes(after: "a renewal")
    }
  }

  private func certificateEnd(_ rig: ClusterRig) async throws -> Int {
    try await rig.count("aion_tls_certificate_expiry_seconds") / rig.numbers.count
  }
}
