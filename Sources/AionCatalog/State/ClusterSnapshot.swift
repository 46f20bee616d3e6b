public import AionModel

/// The whole replicated state as of one log index: an immutable value, copied in O(1).
///
/// Every read on it is of the same moment, takes no lock and stays true while writes go on. It
/// shares what has not changed since with newer snapshots, and keeps alive what has.
public struct ClusterSnapshot: Sendable {
  /// The newest log entry that this state includes. Not part of what is compared or digested: an
  /// entry that changes nothing moves only this.
  public package(set) var applied = LogIndex.zero
  public package(set) var catalogVersion = CatalogVersion.zero
  public package(set) var placementEpoch = PlacementEpoch.zero

  /// The highest id ever given to a database; ids are never reused.
  package var lastDatabaseID = DatabaseID.default
  /// The highest id ever given to a transaction.
  package var lastTxnID = TxnID(0)
  /// The highest id ever given to a session.
  package var lastSessionID = SessionID(0)

  package var databaseRecords = OrderedTree<DatabaseID, DatabaseDescriptor>()
  package var roleRecords = OrderedTree<FoldedName, ClusterRoleDescriptor>()
  package var nodeRecords = OrderedTree<NodeID, NodeDescriptor>()
  package var shardRecords = OrderedTree<ShardKey, ShardDescriptor>()
  package var txnRecords = OrderedTree<TxnID, TxnRecord>()
  package var sessionRecords = OrderedTree<SessionID, SessionRecord>()
  package var sessionReplies = OrderedTree<SessionReplyKey, SessionReply>()

  // Derived from the records above, and never encoded.
  package var databaseNames = OrderedTree<FoldedName, DatabaseID>()
  package var shardPlaces = OrderedTree<ShardPlace, Void>()
  package var nodeCounts = OrderedTree<NodeID, ReplicaCounts>()
  package var undecidedTxns = OrderedTree<TxnID, Void>()
  package var sessionUses = OrderedTree<SessionUse, Void>()
  /// The digest of all records, without that of the counters.
  package var recordDigest = StateDigest.empty

  /// The state of a cluster that nothing was ever written to.
  public init() {}
}

/// A name as databases and roles are looked up: without ASCII case, compared byte by byte, so that
/// the order does not depend on a version of Unicode.
package struct FoldedName: Hashable, Comparable, Sendable {
  let bytes: [UInt8]

  package init(_ name: String) { bytes = [UInt8](name.asciiLowercased.utf8) }

  package static func < (left: FoldedName, right: FoldedName) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}

/// A shard's key with its number first, to find every table that has a shard of that number.
package struct ShardPlace: Hashable, Comparable, Sendable {
  let shard: ShardID
  let table: TableKey

  package init(_ key: ShardKey) {
    shard = key.shard
    table = key.table
  }

  package var key: ShardKey { ShardKey(table: table, shard: shard) }

  package static func < (left: ShardPlace, right: ShardPlace) -> Bool {
    left.shard != right.shard ? left.shard < right.shard : left.table < right.table
  }
}
