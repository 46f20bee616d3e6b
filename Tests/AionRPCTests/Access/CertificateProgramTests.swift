import AionModel
import AionRPC
import Foundation
import Testing

@Suite("aionctl certs", .timeLimit(.minutes(2)))
struct CertificateProgramTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "aion-\(UUID())")

  private func certs(
    _ arguments: String..., environment: [String: String]? = nil
  ) async throws -> Program {
    try await Program.aionctl(
      ["certs"] + arguments + ["--directory", folder.path], environment: environment)
  }

  private func path(_ name: String) -> String { folder.appending(path: name).path }

  private func mode(_ name: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path(name))[.posixPermissions] as? Int
  }

  private var files: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
  }

  @Test("An authority, a replica, a client: each says who it is; keys are for their owner alone")
  func made() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(try await certs("ca").exitCode == 0)
    let replica = try await certs(
      "replica", "a", "--host", "db-1.example.org", "--host", "10.0.0.1", "--host", "fd00::1")
    #expect(replica.exitCode == 0, "\(replica.errors)")
    #expect(try await certs("client", "anna", "--role", "writer", "--days", "7").exitCode == 0)
    let names = ["ca", "client-anna", "replica-a"]
    #expect(try files == names.flatMap { ["\($0).key", "\($0).pem"] })
    for name in names { #expect(try mode("\(name).key") == 0o600) }
    #expect(try mode("") == 0o700)

    let certificate = try Certificate(file: path("replica-a.pem"))
    #expect(certificate.claims == CertificateClaims(replicaNames: ["a"]))
    #expect(certificate.hosts == ["db-1.example.org", "10.0.0.1", "fd00::1"])
    let client = try Certificate(file: path("client-anna.pem"))
    #expect(client.claims == CertificateClaims(role: .writer))
    #expect(client.hosts.isEmpty)
    let seconds =
      (client.notAfter.nanosecondsSince1970 - client.notBefore.nanosecondsSince1970)
      / 1_000_000_000
    #expect(abs(seconds - 7 * 86_400 - 3_600) < 5, "seven days, and an hour for clocks that differ")
  }

  @Test("A node: a server and a client, for the node of that name")
  func node() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try await certs("ca")
    let node = try await certs("node", "node-7", "--host", "10.0.0.7")
    #expect(node.exitCode == 0, "\(node.errors)")
    let certificate = try Certificate(file: path("node-node-7.pem"))
    #expect(certificate.claims == CertificateClaims(nodeNames: ["node-7"]))
    #expect(certificate.hosts == ["10.0.0.7"])
  }

  @Test("What is revoked is listed, once, and shown as such; by name, or by serial number")
  func revoked() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try await certs("ca")
    _ = try await certs("client", "anna", "--role", "admin")
    for _ in 0..<2 { #expect(try await certs("revoke", "client-anna").exitCode == 0) }
    #expect(try await certs("revoke", "--serial", "0a:bc").exitCode == 0)
    let serial = try Certificate(file: path("client-anna.pem")).serial
    let text = try String(contentsOfFile: path("revoked.txt"), encoding: .utf8)
    #expect(text == "\(serial) client-anna, client admin\nABC\n")
    #expect(try RevocationList(text: text).contains(serial))
    #expect(try await certs("list").output.contains("it is revoked"))

    for (arguments, complaint) in [
      (["revoke", "client-bert"], "client-bert.pem"), (["revoke", "ca"], "is not revoked but"),
    ] {
      let refused = try await Program.aionctl(
        ["certs"] + arguments + ["--directory", folder.path])
      #expect(refused.exitCode == 1 && refused.errors.contains(complaint), "\(refused.errors)")
    }
    #expect(try await certs("revoke", "--serial", "no").exitCode == 64)
    try "what\n".write(toFile: path("revoked.txt"), atomically: true, encoding: .utf8)
    let damaged = try await certs("revoke", "--serial", "AB")
    #expect(damaged.exitCode == 1 && damaged.errors.contains("line 1, 'what'"), "\(damaged.errors)")
  }

  @Test("The list says who they are, until when, and what is wrong; as a table and as JSON")
  func listed() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try await certs("ca", "--not-before", "2020-01-01", "--days", "20000")
    _ = try await certs("replica", "a")
    _ = try await certs("client", "old", "--role", "reader", "--not-before", "2020-01-01")
    _ = try await certs(
      "client", "new", "--role", "admin", "--not-before", "2070-01-01T00:00:00Z")
    _ = try await certs("client", "open", "--role", "admin")
    chmod(path("client-open.key"), 0o644)
    let table = try await certs("list")
    #expect(table.exitCode == 0, "\(table.errors)")
    #expect(table.output.contains("replica a"), "\(table.output)")
    let json = try await certs("list", "--json")
    let rows = try JSONDecoder().decode([Row].self, from: Data(json.output.utf8))
    #expect(
      rows.map(\.holder) == [
        "authority", "client admin", "client reader", "client admin", "replica a",
      ])
    #expect(
      rows.map { $0.problem?.prefix(9) } == [
        nil, "it is not", "it has ex", "others ca", nil,
      ])
    guard rows.count == 5 else { return }
    #expect(rows[4].hosts == ["localhost", "127.0.0.1", "::1"])
    #expect(rows[2].days == 0 && (363...365).contains(rows[4].days))
  }

  @Test("Nothing is overwritten")
  func kept() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try await certs("ca")
    _ = try await certs("replica", "a")
    let before = try files.map { try Data(contentsOf: folder.appending(path: $0)) }
    for again in [["ca"], ["replica", "a"]] {
      let refused = try await Program.aionctl(["certs"] + again + ["--directory", folder.path])
      #expect(refused.exitCode == 1)
      #expect(refused.errors.contains("is there already"), "\(refused.errors)")
    }
    #expect(try files.map { try Data(contentsOf: folder.appending(path: $0)) } == before)
  }

  @Test("What cannot be is refused with what to do, and leaves nothing behind")
  func refused() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let orphan = try await certs("replica", "a")
    #expect(orphan.exitCode == 1 && orphan.errors.contains("aionctl certs ca"), "\(orphan.errors)")
    _ = try await certs("ca", "--days", "10")
    let long = try await certs("client", "a", "--role", "admin", "--days", "11")
    #expect(long.exitCode == 1 && long.errors.contains("fewer --days"), "\(long.errors)")
    let misuses = [
      ["replica", "a/b"], ["replica", ".a"], ["replica", ""], ["replica", "a", "--host", "a b"],
      ["replica", "a", "--host", "-a"], ["client", "a"], ["client", "a", "--role", "root"],
      ["replica", "a", "--days", "0"], ["replica", "a", "--key-type", "rsa512"],
      ["replica", "a", "--not-before", "soon"],
    ]
    for misuse in misuses {
      let ended = try await Program.aionctl(["certs"] + misuse + ["--directory", folder.path])
      #expect(ended.exitCode == 64, "\(misuse): \(ended.errors)")
    }
    #expect(try files == ["ca.key", "ca.pem"])
  }

  @Test("Without openssl it says how to install it")
  func noOpenSSL() async throws {
    let ended = try await certs("ca", environment: ["PATH": "/nowhere"])
    #expect(ended.exitCode == 1)
    #expect(ended.errors.contains("apt-get install openssl"), "\(ended.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.path))
  }

  @Test("Every kind of key makes connections", arguments: ["p256", "p384"])
  func keyTypes(type: String) async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try await certs("ca", "--key-type", type)
    _ = try await certs("replica", "node-1", "--key-type", type)
    _ = try await certs("client", "anna", "--role", "admin", "--key-type", type)
    func files(_ name: String) -> TransportSecurity {
      .tls(
        TLSFiles(
          certificate: path("\(name).pem"), key: path("\(name).key"), authority: path("ca.pem")))
    }
    let endpoint = try await Endpoint.start(for: TestHost(1)) {
      $0.security = files("replica-node-1")
      $0.policy = AccessPolicy(anonymousRole: nil, requiresReplicaCertificate: true)
    }
    let client = try await ClientConnection.open(
      to: endpoint.address, as: "anna", security: files("client-anna"))
    #expect(client.welcome.role == .admin)
    await endpoint.close()
  }

  private struct Row: Decodable {
    var holder: String
    var hosts: [String]
    var days: Int
    var problem: String?
  }
}
