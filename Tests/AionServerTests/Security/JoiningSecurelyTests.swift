import AionRPC
import AionServer
import ClusterRig
import Foundation
import Testing

@Suite("Who may join", .serialized, .timeLimit(.minutes(5)))
struct JoiningSecurelyTests {
  private static func untilAllVote(_ count: Int, in rig: ClusterRig) async throws {
    try await rig.wait("\(count) voters") { pages in
      pages.count == count
        && pages.values.allSatisfy { $0.members.count { $0.isVoter } == count && $0.isReady }
    }
  }

  @Test("Over TLS a replica's certificate is enough to join, and to be promoted")
  func byCertificate() async throws {
    try await ClusterRig.runSecurely(founders: 1) { rig, _ in
      for count in 2...3 {
        _ = try rig.grow()
        try await Self.untilAllVote(count, in: rig)
      }
      // The founder is not needed any more.
      try rig.kill(1)
      _ = try await rig.leader(otherThan: 1)
      await rig.checkServes(after: "growth")
    }
  }

  @Test("aionctl works over TLS with the options that the rig names")
  func aionctl() async throws {
    try await ClusterRig.runSecurely(founders: 3) { rig, _ in
      let status = try Ended("aionctl", ["status"] + rig.clientOptions)
      #expect(status.status == 0, "\(status.errors)")
      #expect(status.output.split(separator: "\n").count == 4, "\(status.output)")
      let nameless = try Ended(
        "aionctl", ["nodes"] + rig.clientOptions.suffix(2) + ["-s", "\(rig.address(of: 1))"])
      #expect(nameless.status == 1 && nameless.errors.contains("28000"), "\(nameless.errors)")
      let plaintext = try Ended(
        "aionctl", ["nodes", "--timeout", "1", "-s", "\(rig.address(of: 1))"])
      #expect(
        plaintext.status == 2 && plaintext.errors.contains("does it want TLS"),
        "\(plaintext.errors)")
    }
  }

  @Test("A replica's certificate of another authority is not, and the process says why")
  func byAnother() async throws {
    try await ClusterRig.runSecurely(founders: 1) { rig, certificates in
      let other = try DevelopmentCertificates(in: "\(rig.folder)/other").replica("n2")
      var environment = ProcessInfo.processInfo.environment
      environment["AIOND_JOIN_PATIENCE"] = "1s"
      let ended = try Ended(
        "aiond",
        [
          "--data", "\(rig.folder)/n2", "--name", "n2", "--http", "", "--listen", "127.0.0.1:9",
          "--join", "\(rig.address(of: 1))", "--tls-certificate", other.identity?.certificate ?? "",
          "--tls-key", other.identity?.key ?? "", "--tls-authority", other.authority,
        ], environment: environment)
      #expect(ended.status == 75)
      #expect(
        ended.errors.contains("not from an authority that is believed here"), "\(ended.errors)")
      await rig.checkServes(after: "a stranger that wanted to join")
    }
  }

  @Test("Without TLS a group that wants tokens takes in who shows an admin's, and nobody else")
  func byToken() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "aion-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func file(_ name: String, _ text: String) throws -> String {
      let file = folder.appending(path: name)
      try Data(text.utf8).write(to: file)
      return file.path
    }
    let options = [
      "--tokens", try file("tokens", "admin boss\nwriter scribe\n"), "--anonymous", "none",
      "--join-token-file", try file("boss", "boss\n"),
    ]
    try await ClusterRig.run(founders: 1, options: options) { rig in
      _ = try await rig.leader()
      _ = try rig.grow()
      try await Self.untilAllVote(2, in: rig)
      let refusals = [
        (try file("scribe", "scribe"), "needs the role admin, the client has writer"),
        (try file("wrong", "wrong"), "unknown token"),
      ]
      var environment = ProcessInfo.processInfo.environment
      environment["AIOND_JOIN_PATIENCE"] = "1s"
      for (token, reason) in refusals {
        let ended = try Ended(
          "aiond",
          [
            "--data", "\(rig.folder)/n3", "--name", "n3", "--http", "", "--listen", "127.0.0.1:9",
            "--join", "\(rig.address(of: 1)),\(rig.address(of: 2))", "--join-token-file", token,
          ], environment: environment)
        #expect(ended.status == 75)
        #expect(ended.errors.contains(reason), "\(ended.errors)")
      }
    }
  }
}
