import AionCluster
import Foundation
import PostgresCapture
import Testing

@Suite("Importing a captured PostgreSQL cluster")
struct PostgresImporterTests {
  private static let fixtures = URL(fileURLWithPath: #filePath)
    .appendingPathComponent("../../../fixtures/postgres").standardizedFileURL.path

  /// Runs `body` on a plane in a directory of its own.
  private func withPlane(_ body: (DurableControlPlane) async throws -> Void) async throws {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("aion-import-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let plane = try await DurableControlPlane.open(at: path)
    try await body(plane)
    await plane.close()
  }

  private func importFixtures(
    into plane: DurableControlPlane
  ) async throws -> PostgresImporter.Summary {
    let capture = try PostgresCapture(directory: Self.fixtures)
    return try await PostgresImporter(capture: capture, topology: .threeRegions).run(on: plane)
  }

  @Test("Databases come with owner, encoding, collation, limits and flags")
  func databases() async throws {
    try await withPlane { plane in
      let summary = try await importFixtures(into: plane)
      let snapshot = plane.snapshot()
      #expect(summary.databases == 12)
      #expect(snapshot.databases().count == 12)
      let shop = try #require(snapshot.database(named: "shop"))
      #expect(shop.owner == "shop_owner")
      #expect(shop.collate == "en_US.UTF-8")
      #expect(shop.connectionLimit == 500)
      #expect(shop.tablespace == .pgDefault)
      let template = try #require(snapshot.database(named: "template0"))
      #expect(template.isTemplate)
      #expect(!template.allowsConnections)
      #expect(template.connectionLimit == nil)
      #expect(snapshot.database(named: "données d'été") != nil)
      #expect(Set(snapshot.databases().map(\.encoding)).isSuperset(of: ["UTF8", "LATIN1"]))
    }
  }

  @Test("Roles keep their password hash, and nothing that prints shows it")
  func roles() async throws {
    try await withPlane { plane in
      _ = try await importFixtures(into: plane)
      let roles = plane.snapshot().roles()
      #expect(roles.count == 33)
      let withPassword = roles.filter { $0.passwordHash != nil }
      #expect(withPassword.count >= 10)
      #expect(
        withPassword.allSatisfy {
          $0.passwordHash?.revealed.hasPrefix("SCRAM-SHA-256$4096:") ?? false
        })
      var printed = ""
      dump(roles, to: &printed)
      printed += "\(roles)" + String(reflecting: roles)
      #expect(!printed.contains("SCRAM"))
      #expect(printed.contains("<redacted>"))
      #expect(roles.contains { ($0.validUntil ?? .epoch) > .epoch })
      #expect(plane.snapshot().role(named: "postgres")?.isSuperuser == true)
    }
  }

  @Test("Tables become shards with three voters, each in another region")
  func shards() async throws {
    try await withPlane { plane in
      let summary = try await importFixtures(into: plane)
      #expect(summary.nodes == 9)
      #expect(summary.tables >= 1_000)
      #expect(summary.shards >= 8_000)
      let snapshot = plane.snapshot()
      #expect(snapshot.shardCount == summary.shards)
      let policy = ClusterTopology.threeRegions.policy
      for shard in snapshot.shards() {
        #expect(shard.voters.count == 3, "\(shard.key)")
        let regions = Set(shard.voters.map { policy.value(of: "region", on: $0.node) })
        #expect(regions.count == 3, "\(shard.key)")
      }
    }
  }

  @Test("Importing the same capture again changes nothing")
  func again() async throws {
    try await withPlane { plane in
      _ = try await importFixtures(into: plane)
      let before = plane.snapshot()
      _ = try await importFixtures(into: plane)
      let after = plane.snapshot()
      #expect(after.digest == before.digest)
      #expect(after.catalogVersion == before.catalogVersion)
    }
  }

  @Test("A capture that is not there, or is no JSON, is refused with the file")
  func unreadable() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("aion-capture-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(throws: CaptureError.self) { try PostgresCapture(directory: folder.path) }
    try Data("[{]".utf8).write(to: folder.appendingPathComponent("databases.json"))
    do {
      _ = try PostgresCapture(directory: folder.path)
      Issue.record("broken JSON was read")
    } catch {
      #expect(error.path.hasSuffix("databases.json"))
      #expect("\(error)".contains("tools/capture-postgres"))
    }
  }

  @Test("Two roles whose names differ in case only are refused: one would replace the other")
  func caseConflict() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("aion-capture-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    let role = """
      {"rolname":"NAME","rolsuper":false,"rolinherit":true,"rolcreaterole":false,
       "rolcreatedb":false,"rolcanlogin":true,"rolconnlimit":-1}
      """
    let roles = ["Ada", "ada"].map { role.replacingOccurrences(of: "NAME", with: $0) }
    try Data("[]".utf8).write(to: folder.appendingPathComponent("databases.json"))
    try Data("[\(roles.joined(separator: ","))]".utf8)
      .write(to: folder.appendingPathComponent("roles.json"))
    do {
      _ = try PostgresCapture(directory: folder.path)
      Issue.record("a conflict was let through")
    } catch {
      #expect("\(error)".contains("Ada") && "\(error)".contains("ada"))
    }
  }
}
