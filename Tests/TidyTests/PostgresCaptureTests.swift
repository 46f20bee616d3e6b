import Foundation
import Testing

/// What the README beside the captured files says of them.
@Suite("The capture in fixtures/postgres is whole")
struct PostgresCaptureTests {
  private struct Database: Decodable {
    var oid: UInt32
    var datname: String
    var encoding: String
    var datallowconn: Bool
  }

  private struct Role: Decodable {
    var oid: UInt32
    var rolname: String
    var rolpassword: String?
  }

  private struct Tables: Decodable {
    struct Table: Decodable {
      var oid: UInt32
      var relname: String
      var parent: UInt32?
    }
    var database: String
    var tables: [Table]
  }

  private let folder = "fixtures/postgres"

  private func decode<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
    let text = try Repository.here.text(of: "\(folder)/\(name).json")
    return try JSONDecoder().decode(type, from: Data(text.utf8))
  }

  @Test("Databases of every kind are there, in order")
  func databases() throws {
    let databases = try decode([Database].self, "databases")
    #expect(databases.count >= 6)
    #expect(databases.map(\.oid) == databases.map(\.oid).sorted())
    #expect(Set(databases.map(\.encoding)) == ["UTF8", "LATIN1", "SQL_ASCII"])
    #expect(Set(databases.map(\.datname)).count == databases.count)
  }

  @Test("Passwords are there as SCRAM verifiers only")
  func roles() throws {
    let roles = try decode([Role].self, "roles")
    #expect(roles.count >= 12)
    #expect(roles.map(\.oid) == roles.map(\.oid).sorted())
    let passwords = roles.compactMap(\.rolpassword)
    #expect(passwords.count >= 12)
    #expect(passwords.allSatisfy { $0.hasPrefix("SCRAM-SHA-256$4096:") })
  }

  @Test("Each database that takes connections has its tables, a thousand in all, parents included")
  func tables() throws {
    var count = 0
    for database in try decode([Database].self, "databases")
    where database.datallowconn && database.oid >= 16384 {
      let captured = try decode(Tables.self, "tables-\(database.oid)")
      let known = Set(captured.tables.map(\.oid))
      #expect(captured.database == database.datname)
      #expect(captured.tables.map(\.oid) == known.sorted())
      #expect(captured.tables.compactMap(\.parent).allSatisfy(known.contains))
      count += captured.tables.count
    }
    #expect(count >= 1_000)
  }

  @Test("No file is large")
  func sizes() throws {
    for file in Repository.here.files(under: folder) {
      #expect(try Repository.here.text(of: file).utf8.count < 500 * 1_024, "\(file)")
    }
  }
}
