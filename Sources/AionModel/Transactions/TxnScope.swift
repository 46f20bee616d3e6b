/// What a distributed transaction touches.
public enum TxnScope: Hashable, Sendable {
  /// Nothing but this process.
  case local
  case singleShard(ShardKey)
  /// Reads of several shards as of one log index.
  case readOnlyMultiShard(snapshot: SnapshotTimestamp, shards: [ShardKey])
  /// Two-phase commit over several shards, driven by `coordinator`.
  case multiShardWrite(coordinator: NodeID, shards: [ShardKey])

  /// The shards in the order given; empty for `local`.
  public var shards: [ShardKey] {
    switch self {
    case .local: []
    case .singleShard(let shard): [shard]
    case .readOnlyMultiShard(_, let shards), .multiShardWrite(_, let shards): shards
    }
  }
}

extension TxnScope {
  /// Checks what a fragment says of itself against the transaction that it claims to belong to.
  ///
  /// A local scope accepts everything, and what a fragment leaves out is accepted.
  ///
  /// - Parameters:
  ///   - label: Names the fragment in the error.
  ///   - shard: The shard that the fragment works on.
  ///   - snapshot: The timestamp at which it reads.
  /// - Throws: `ClusterError.fragmentOutsideScope`
  public func validateFragment(
    label: String, shard: ShardKey?, snapshot: SnapshotTimestamp?
  ) throws(ClusterError) {
    switch self {
    case .local:
      return
    case .singleShard(let expected):
      guard let shard, shard != expected else { return }
      throw .fragmentOutsideScope(label: label, .shard(shard))
    case .readOnlyMultiShard(let expected, let shards):
      if let snapshot, snapshot != expected {
        throw .fragmentOutsideScope(label: label, .snapshot(snapshot, expected: expected))
      }
      try Self.require(shard, in: shards, label: label)
    case .multiShardWrite(_, let shards):
      try Self.require(shard, in: shards, label: label)
    }
  }

  private static func require(
    _ shard: ShardKey?, in shards: [ShardKey], label: String
  ) throws(ClusterError) {
    guard let shard, !shards.contains(shard) else { return }
    throw .fragmentOutsideScope(label: label, .shard(shard))
  }
}
