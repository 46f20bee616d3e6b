// The rows of a capture, under PostgreSQL's own column names (fixtures/postgres/README.md).

/// A row of `pg_database`.
struct PostgresDatabase: Decodable {
  var oid: UInt32
  var datname: String
  var owner: String
  var encoding: String
  var datcollate: String
  var datctype: String
  var datistemplate: Bool
  var datallowconn: Bool
  /// -1: no limit.
  var datconnlimit: Int
  var dattablespace: UInt32
}

/// A row of `pg_authid`.
struct PostgresRole: Decodable {
  var rolname: String
  var rolsuper: Bool
  var rolinherit: Bool
  var rolcreaterole: Bool
  var rolcreatedb: Bool
  var rolcanlogin: Bool
  /// -1: no limit.
  var rolconnlimit: Int
  var rolpassword: String?
  /// ISO 8601 in UTC, or `infinity`.
  var rolvaliduntil: String?
}

/// A row of `pg_class`.
struct PostgresTable: Decodable {
  var oid: UInt64
  /// `r` a table, `p` a partitioned table without storage, `m` a materialised view.
  var relkind: String
  /// With indexes.
  var bytes: Int

  var hasStorage: Bool { relkind != "p" }
}

/// The user tables of one database.
struct PostgresTables: Decodable {
  var database: String
  var tables: [PostgresTable]
}
