import AionRPC
import ClusterRig
import Foundation
import Testing

@Suite("What a process says of its own certificate", .serialized, .timeLimit(.minutes(5)))
struct OwnCertificateTests {
  @Test("It starts with one that has expired, ends soon or has an open key, and says so")
  func warnings() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "aion-\(UUID())").path
    let certificates = try DevelopmentCertificates(in: folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let open = try certificates.replica("open")
    chmod(try #require(open.identity).key, 0o644)
    let cases: [(String, TLSFiles, String)] = [
      ("old", try certificates.replica("old", "--not-before", "2020-01-01"), "has expired"),
      (
        "new", try certificates.replica("new", "--not-before", "2036-01-01", "--days", "1"),
        "not valid yet"
      ),
      ("short", try certificates.replica("short", "--days", "29"), "ends soon"),
      ("open", open, "everyone can read"),
    ]
    for (name, files, words) in cases {
      let options = [
        "--name", name, "--tls-certificate", files.identity?.certificate ?? "", "--tls-key",
        files.identity?.key ?? "", "--tls-authority", files.authority,
      ]
      try await ClusterRig.run(founders: 1, options: options) { rig in
        _ = try await rig.leader()
        let log = try rig.log(of: 1)
        #expect(log.contains(words), "\(name): \(log)")
      }
    }
  }
}
