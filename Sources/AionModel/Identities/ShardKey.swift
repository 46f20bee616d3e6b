/// A table: its relation inside its database. Prints as `1/16384`.
@frozen
public struct TableKey: Hashable, Comparable, Sendable, CustomStringConvertible {
  public var database: DatabaseID
  public var relation: RelationID

  @inlinable
  public init(database: DatabaseID, relation: RelationID) {
    self.database = database
    self.relation = relation
  }

  @inlinable
  public static func < (left: TableKey, right: TableKey) -> Bool {
    left.database != right.database
      ? left.database < right.database : left.relation < right.relation
  }

  public var description: String { "\(database)/\(relation)" }
}

/// The real identity of a shard: a `ShardID` is unique inside its table only.
/// Prints as `1/16384/shard-7`.
@frozen
public struct ShardKey: Hashable, Comparable, Sendable, CustomStringConvertible {
  public var table: TableKey
  public var shard: ShardID

  @inlinable
  public init(table: TableKey, shard: ShardID) {
    self.table = table
    self.shard = shard
  }

  @inlinable
  public init(database: DatabaseID, relation: RelationID, shard: ShardID) {
    self.init(table: TableKey(database: database, relation: relation), shard: shard)
  }

  @inlinable
  public var database: DatabaseID { table.database }

  @inlinable
  public static func < (left: ShardKey, right: ShardKey) -> Bool {
    left.table != right.table ? left.table < right.table : left.shard < right.shard
  }

  public var description: String { "\(table)/\(shard)" }
}

/// A shard as a caller named it: by its key, or by its bare number where that is unambiguous.
@frozen
public enum ShardReference: Hashable, Sendable, CustomStringConvertible {
  case id(ShardID)
  case key(ShardKey)

  public var description: String {
    switch self {
    case .id(let shard): "\(shard)"
    case .key(let key): "\(key)"
    }
  }
}
