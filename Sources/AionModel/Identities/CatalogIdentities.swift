/// A logical database, as `pg_database.oid` in PostgreSQL.
@frozen
public struct DatabaseID: Identity {
  public var rawValue: UInt32

  @inlinable
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Stands for the cluster itself in operations that belong to no database.
  public static let cluster = DatabaseID(0)
  /// The database that a new cluster begins with; it can be neither renamed nor dropped.
  public static let `default` = DatabaseID(1)

  public var isCluster: Bool { self == .cluster }
  public var isDefault: Bool { self == .default }
}

/// Where a database's files live, with PostgreSQL's numbers (`pg_tablespace.oid`).
@frozen
public struct TablespaceID: Identity {
  public var rawValue: UInt32

  @inlinable
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  public static let pgDefault = TablespaceID(1663)
  public static let pgGlobal = TablespaceID(1664)
}

/// A table inside a database.
@frozen
public struct RelationID: Identity {
  public var rawValue: UInt64

  @inlinable
  public init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// A shard inside one table; prints as `shard-7`. Its full identity is a `ShardKey`.
@frozen
public struct ShardID: Identity {
  public var rawValue: UInt32

  @inlinable
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  public var description: String { "shard-\(rawValue)" }
}

/// A distributed query.
@frozen
public struct QueryID: Identity {
  public var rawValue: UInt128

  @inlinable
  public init(rawValue: UInt128) { self.rawValue = rawValue }
}

/// One fragment of a distributed query, unique inside it.
@frozen
public struct FragmentID: Identity {
  public var rawValue: UInt64

  @inlinable
  public init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// A distributed transaction. Never reused.
@frozen
public struct TxnID: Identity {
  public var rawValue: UInt64

  @inlinable
  public init(rawValue: UInt64) { self.rawValue = rawValue }
}
