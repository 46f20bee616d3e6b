import AionCluster
import Foundation

/// The catalog of a real PostgreSQL cluster, as `tools/capture-postgres` wrote it.
public struct PostgresCapture: Sendable {
  let databases: [PostgresDatabase]
  let roles: [PostgresRole]
  /// By the `oid` of their database, each in the order of their own.
  let tables: [UInt32: [PostgresTable]]

  /// - Parameter directory: Holds `databases.json`, `roles.json` and `tables-OID.json`.
  /// - Throws: `CaptureError` with the file that cannot be read.
  public init(directory: String) throws(CaptureError) {
    let databases = try Self.read([PostgresDatabase].self, "databases.json", in: directory)
    roles = try Self.read([PostgresRole].self, "roles.json", in: directory)
    var tables: [UInt32: [PostgresTable]] = [:]
    for database in databases {
      let name = "tables-\(database.oid).json"
      // A database that refuses connections has no such file: nobody could look inside.
      guard FileManager.default.fileExists(atPath: "\(directory)/\(name)") else { continue }
      tables[database.oid] = try Self.read(PostgresTables.self, name, in: directory).tables
        .sorted { $0.oid < $1.oid }
    }
    self.databases = databases
    self.tables = tables
    try Self.checkConflicts(databases.map(\.datname), in: "\(directory)/databases.json")
    try Self.checkConflicts(roles.map(\.rolname), in: "\(directory)/roles.json")
  }

  /// PostgreSQL tells `Ada` from `ada`, the cluster catalog does not: one would replace the other.
  private static func checkConflicts(
    _ names: [String], in path: String
  ) throws(CaptureError) {
    var seen: [String: String] = [:]
    for name in names {
      guard let other = seen.updateValue(name, forKey: name.asciiLowercased) else { continue }
      throw CaptureError(
        path: path,
        reason: "\"\(other)\" and \"\(name)\" differ in case only; rename one of them")
    }
  }

  public var databaseCount: Int { databases.count }
  public var roleCount: Int { roles.count }
  public var tableCount: Int { tables.values.reduce(0) { $0 + $1.count } }

  private static func read<Rows: Decodable>(
    _ type: Rows.Type, _ name: String, in directory: String
  ) throws(CaptureError) -> Rows {
    let path = "\(directory)/\(name)"
    do {
      let contents = try Data(contentsOf: URL(fileURLWithPath: path))
      return try JSONDecoder().decode(type, from: contents)
    } catch {
      throw CaptureError(path: path, reason: "\(error)")
    }
  }
}

/// A file of a capture that is missing or is not what it should be.
public struct CaptureError: Error, Sendable, CustomStringConvertible {
  public var path: String
  public var reason: String

  public var description: String {
    "\(path) cannot be imported: \(reason). Mend it and capture again with tools/capture-postgres"
  }
}
