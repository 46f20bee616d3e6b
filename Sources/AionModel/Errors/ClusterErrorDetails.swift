/// A database as a caller named it.
public enum DatabaseReference: Hashable, Sendable, CustomStringConvertible {
  case id(DatabaseID)
  case name(String)

  public var description: String {
    switch self {
    case .id(let id): "\(id)"
    case .name(let name): "\"\(name)\""
    }
  }
}

/// What was to be done to a database that does not allow it.
public enum DatabaseOperation: String, Hashable, Sendable, CaseIterable {
  case drop
  case rename
}

/// A limit of the replicated state; its value is in `Limits`.
public enum ClusterLimit: String, Hashable, Sendable, CaseIterable {
  case placementsPerShard = "placements of a shard"
  case shardsPerTransaction = "shards of a transaction"
  case commandsPerBatch = "commands of a batch"
  case commandBatchLength = "bytes of a command batch"
  case passwordHashLength = "bytes of a password hash"
  case unansweredPerSession = "unanswered writes of a session"
  case unansweredOutcomesLength = "bytes of unanswered outcomes of a session"
  /// All 2^32 - 1 database ids were used.
  case databaseIDs = "database ids"
}

/// Why a shard's placements cannot be.
public enum PlacementProblem: Hashable, Sendable {
  case empty
  case duplicateNode(NodeID)
  case leaders(count: Int)
  case otherShard(ShardID)
}

/// Why a transaction's scope cannot be.
public enum ScopeProblem: Hashable, Sendable {
  case noShards
  case duplicateShard(ShardKey)
}

/// How a fragment contradicts its transaction's scope.
public enum FragmentProblem: Hashable, Sendable {
  case shard(ShardKey)
  case snapshot(SnapshotTimestamp, expected: SnapshotTimestamp)
}

/// Which version moved on.
public enum VersionMismatch: Hashable, Sendable {
  case catalogVersion(expected: CatalogVersion, current: CatalogVersion)
  case placementEpoch(expected: PlacementEpoch, current: PlacementEpoch)
}

/// What there is too much of at the moment.
public enum BusyReason: Hashable, Sendable {
  /// The queue of writes that wait for the log, or of reads that wait for a leader's word.
  case queueFull(limit: Int)
  /// Entries that wait for a quorum.
  case uncommittedBytes(limit: ByteCount)
  /// A leadership transfer is under way.
  case transferringLeadership
  /// Fragments that a node executes.
  case fragments(limit: Int)
  /// Plans of the fragments that a node executes.
  case fragmentBytes(limit: ByteCount)
}
