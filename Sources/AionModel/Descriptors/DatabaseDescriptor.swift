/// A logical database, modelled on PostgreSQL's `pg_database`.
public struct DatabaseDescriptor: Hashable, Sendable {
  public var id: DatabaseID
  /// Unique in the cluster, ignoring ASCII case.
  public var name: String
  public var owner: String
  /// `pg_encoding_to_char(encoding)`: `UTF8`, `LATIN1`, …
  public var encoding: String
  /// `datcollate`
  public var collate: String
  /// `datctype`
  public var ctype: String
  /// nil: the cluster's default.
  public var tablespace: TablespaceID?
  /// Concurrent connections; nil: no limit.
  public var connectionLimit: UInt32?
  public var isTemplate: Bool
  public var allowsConnections: Bool
  /// By the proposer's clock.
  public var createdAt: WallTime

  public init(
    id: DatabaseID, name: String, owner: String, encoding: String = Self.defaultEncoding,
    collate: String = Self.defaultLocale, ctype: String = Self.defaultLocale,
    tablespace: TablespaceID? = nil, connectionLimit: UInt32? = nil, isTemplate: Bool = false,
    allowsConnections: Bool = true, createdAt: WallTime = .epoch
  ) {
    self.id = id
    self.name = name
    self.owner = owner
    self.encoding = encoding
    self.collate = collate
    self.ctype = ctype
    self.tablespace = tablespace
    self.connectionLimit = connectionLimit
    self.isTemplate = isTemplate
    self.allowsConnections = allowsConnections
    self.createdAt = createdAt
  }

  public static let defaultEncoding = "UTF8"
  public static let defaultLocale = "C"

  /// The database that a new cluster begins with: id 1, name `default`, in the default tablespace,
  /// created at the epoch so that every replica makes the same one.
  public static func defaultBootstrap(owner: String) -> DatabaseDescriptor {
    DatabaseDescriptor(id: .default, name: "default", owner: owner, tablespace: .pgDefault)
  }
}

/// What to make a database of (`CREATE DATABASE`).
public struct CreateDatabaseRequest: Hashable, Sendable {
  public var name: String
  public var owner: String
  public var encoding: String
  public var collate: String
  public var ctype: String
  public var tablespace: TablespaceID?
  public var connectionLimit: UInt32?
  public var isTemplate: Bool
  public var allowsConnections: Bool
  /// A database that must exist, by name; the engine copies its contents.
  public var template: String?

  public init(
    name: String, owner: String, encoding: String = DatabaseDescriptor.defaultEncoding,
    collate: String = DatabaseDescriptor.defaultLocale,
    ctype: String = DatabaseDescriptor.defaultLocale, tablespace: TablespaceID? = nil,
    connectionLimit: UInt32? = nil, isTemplate: Bool = false, allowsConnections: Bool = true,
    template: String? = nil
  ) {
    self.name = name
    self.owner = owner
    self.encoding = encoding
    self.collate = collate
    self.ctype = ctype
    self.tablespace = tablespace
    self.connectionLimit = connectionLimit
    self.isTemplate = isTemplate
    self.allowsConnections = allowsConnections
    self.template = template
  }
}
