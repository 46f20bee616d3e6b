public import AionCluster
import Foundation

/// Loads a capture into a control plane: databases, roles, and tables split into shards.
///
/// It may be run again: what is as captured stays, and takes no new version.
public struct PostgresImporter: Sendable {
  public var capture: PostgresCapture
  /// The cluster that the shards are spread over.
  public var topology: ClusterTopology
  public var splitting: TableSplitting

  public init(
    capture: PostgresCapture, topology: ClusterTopology, splitting: TableSplitting = .init()
  ) {
    self.capture = capture
    self.topology = topology
    self.splitting = splitting
  }

  /// What was done; what is there already is not counted.
  public struct Summary: Sendable, Encodable {
    public var nodes = 0
    public var databases = 0
    public var roles = 0
    public var tables = 0
    public var shards = 0
    public var replicas = 0
  }

  /// How far an import has come.
  public enum Progress: Sendable {
    case roles(Int)
    case databases(Int)
    case shards(done: Int, of: Int)
  }

  /// - Throws: `ClusterError` of the first refusal; what was imported before stays.
  public func run(
    on plane: DurableControlPlane, progress: (Progress) -> Void = { _ in }
  ) async throws -> Summary {
    var summary = Summary()
    try await plane.propose(CommandBatch(topology.nodes.map { .upsertNode($0) }))
    summary.nodes = topology.nodes.count
    try await importRoles(into: plane)
    summary.roles = capture.roles.count
    progress(.roles(summary.roles))
    let ids = try await importDatabases(into: plane)
    summary.databases = ids.count
    progress(.databases(summary.databases))
    let plans = try plannedShards(in: ids)
    summary.tables = Set(plans.map(\.shard.key.table)).count
    for start in stride(from: 0, to: plans.count, by: Self.shardsPerBatch) {
      let batch = plans[start..<min(start + Self.shardsPerBatch, plans.count)]
      try await plane.propose(CommandBatch(batch.map { .upsertShard($0.shard) }))
      summary.shards += batch.count
      summary.replicas += batch.reduce(0) { $0 + $1.shard.placements.count }
      progress(.shards(done: summary.shards, of: plans.count))
    }
    return summary
  }

  private static var shardsPerBatch: Int { 256 }

  private func importRoles(into plane: DurableControlPlane) async throws {
    try await plane.propose(CommandBatch(capture.roles.map { .upsertRole($0.descriptor) }))
  }

  /// - Returns: Our id of each database, by PostgreSQL's.
  private func importDatabases(
    into plane: DurableControlPlane
  ) async throws -> [UInt32: DatabaseID] {
    var ids: [UInt32: DatabaseID] = [:]
    for database in capture.databases {
      if let existing = plane.snapshot().database(named: database.datname) {
        ids[database.oid] = existing.id
      } else {
        ids[database.oid] = try await plane.createDatabase(database.request).id
      }
    }
    return ids
  }

  private func plannedShards(
    in ids: [UInt32: DatabaseID]
  ) throws -> [InitialPlacementPlan] {
    let keys = capture.databases.flatMap { database -> [ShardKey] in
      guard let id = ids[database.oid] else { return [] }
      return (capture.tables[database.oid] ?? []).filter(\.hasStorage).flatMap { table in
        let key = TableKey(database: id, relation: RelationID(table.oid))
        return (0..<splitting.shardCount(ofBytes: table.bytes)).map {
          ShardKey(table: key, shard: ShardID(UInt32($0)))
        }
      }
    }
    return try planInitialPlacements(of: keys, on: topology.nodes, policy: topology.policy)
  }
}

/// How many shards a table becomes.
public struct TableSplitting: Sendable {
  public var minimum = 8
  public var maximum = 64
  /// Bytes, with indexes, that one more shard is made for.
  public var bytesPerShard = 1 << 20

  public init() {}

  func shardCount(ofBytes bytes: Int) -> Int {
    min(maximum, minimum + bytes / bytesPerShard)
  }
}

extension PostgresDatabase {
  fileprivate var request: CreateDatabaseRequest {
    CreateDatabaseRequest(
      name: datname, owner: owner, encoding: encoding, collate: datcollate, ctype: datctype,
      tablespace: TablespaceID(dattablespace), connectionLimit: UInt32(exactly: datconnlimit),
      isTemplate: datistemplate, allowsConnections: datallowconn)
  }
}

extension PostgresRole {
  fileprivate var descriptor: ClusterRoleDescriptor {
    ClusterRoleDescriptor(
      name: rolname, canLogin: rolcanlogin, isSuperuser: rolsuper,
      canCreateDatabase: rolcreatedb, canCreateRole: rolcreaterole,
      inheritsPrivileges: rolinherit, connectionLimit: UInt32(exactly: rolconnlimit),
      validUntil: rolvaliduntil.flatMap(WallTime.init(iso8601:)),
      passwordHash: rolpassword.map(PasswordHash.init))
  }
}

extension WallTime {
  /// nil for `infinity`, which is no limit.
  fileprivate init?(iso8601 text: String) {
    guard let date = try? Date(text, strategy: .iso8601) else { return nil }
    self.init(nanosecondsSince1970: Int64(date.timeIntervalSince1970) * 1_000_000_000)
  }
}
