/// How far a node has applied what it replicates, as its agent reports it.
public struct NodeProgress: Hashable, Sendable {
  /// In the log that all shards of the database have in common; nil where there is none.
  public var applied: ApplyPosition?
  /// In the logs of shards that have one of their own. Those that the node leads, and those that
  /// it learns, are all that anybody asks for.
  public var shards: [ShardKey: ApplyPosition]

  /// Shards that one report tells of; of more, those with the lowest keys are told.
  public static let shardLimit = 16_384

  public init(applied: ApplyPosition? = nil, shards: [ShardKey: ApplyPosition] = [:]) {
    self.applied = applied
    self.shards = shards
  }

  /// By ascending key, as far as they are told.
  public var reportedShards: [(shard: ShardKey, applied: ApplyPosition)] {
    shards.sorted { $0.key < $1.key }.prefix(Self.shardLimit)
      .map { (shard: $0.key, applied: $0.value) }
  }

  /// How far it is with a shard: in that shard's own log, else in the common one.
  public func position(in shard: ShardKey) -> ShardPosition? {
    if let own = shards[shard] { return .inOwnLog(own) }
    return applied.map { .inCommonLog($0) }
  }
}

/// How far a replica is, and in which log. Positions of different logs cannot be compared.
public enum ShardPosition: Hashable, Sendable {
  case inOwnLog(ApplyPosition)
  case inCommonLog(ApplyPosition)

  /// Whether it is at least as far as `target`; never, when that is in another log.
  public func hasReached(_ target: ShardPosition) -> Bool {
    switch (self, target) {
    case (.inOwnLog(let own), .inOwnLog(let target)): own >= target
    case (.inCommonLog(let own), .inCommonLog(let target)): own >= target
    default: false
    }
  }
}
