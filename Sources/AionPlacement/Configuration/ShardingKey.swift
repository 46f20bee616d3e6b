/// The keys of sharding's configuration.
///
/// In a file a key stands as `distributed.sharding.replication_factor`, in the environment as
/// `AIONDB_SHARDING_REPLICATION_FACTOR`.
public enum ShardingKey: String, Hashable, Sendable, CaseIterable {
  case enabled
  case autoRebalance = "auto_rebalance"
  case replicationFactor = "replication_factor"
  case maxLearnersPerShard = "max_learners_per_shard"
  case maxLearnersPerNode = "max_learners_per_node"
  case leadershipMaxTransfers = "leadership_max_transfers_per_maintenance"
  case leadershipMinLoadDelta = "leadership_min_load_delta"
  case replicaBalance = "replica_balance"
  case replicaBalanceMaxMoves = "replica_balance_max_moves_per_maintenance"
  case nodeAttributes = "node_attributes"
  case requiredAttributes = "placement_required_attributes"
  case leasePreferences = "lease_preference_attributes"
  case spreadAttributes = "placement_spread_attributes"

  public static let filePrefix = "distributed.sharding."
  public static let environmentPrefix = "AIONDB_SHARDING_"

  public var fileName: String { Self.filePrefix + rawValue }

  public var environmentName: String { Self.environmentPrefix + rawValue.uppercased() }
}
