public import AionModel

/// The checked configuration of sharding: whoever holds one holds values that are allowed.
public struct ShardingConfiguration: Hashable, Sendable {
  public private(set) var isEnabled = false
  /// Whether liveness changes and the primary's tick run maintenance by themselves.
  public private(set) var autoRebalance = true
  /// Voters in all, the leader included: 1 to 64, learners of a shard included.
  public private(set) var replicationFactor = 3
  /// 0 stages none, so that nothing is repaired.
  public private(set) var maxLearnersPerShard = 1
  public private(set) var maxLearnersPerNode = 64
  /// 0 turns balancing off; failover and repair stay.
  public private(set) var leadershipMaxTransfers = 16
  public private(set) var leadershipMinLoadDelta = 1
  public private(set) var replicaBalance = false
  public private(set) var replicaBalanceMaxMoves = 16
  public private(set) var nodeAttributes: [NodeID: [NodeAttributeConstraint]] = [:]
  public private(set) var requiredAttributes: [NodeAttributeConstraint] = []
  public private(set) var leasePreferences: [NodeAttributeConstraint] = []
  public private(set) var spreadAttributes: [String] = []
  private var origins: [ShardingKey: ConfigurationOrigin] = [:]

  /// Everything at its default.
  public init() {}

  /// - Parameter sources: The first one that has a key decides: environment before file.
  /// - Throws: Every wrong value and every misspelled name, with what is allowed.
  public init(from sources: [ConfigurationSource]) throws(ConfigurationRefusal) {
    var reading = ShardingReading(sources)
    reading.set(.enabled, \.isEnabled, .flag, in: &self)
    reading.set(.autoRebalance, \.autoRebalance, .flag, in: &self)
    reading.set(
      .replicationFactor, \.replicationFactor, .number(1...PlacementLimits.placementsPerShard),
      in: &self)
    reading.set(
      .maxLearnersPerShard, \.maxLearnersPerShard,
      .number(0...PlacementLimits.placementsPerShard - 1), in: &self)
    reading.set(.maxLearnersPerNode, \.maxLearnersPerNode, .number(0...1_000_000), in: &self)
    reading.set(
      .leadershipMaxTransfers, \.leadershipMaxTransfers, .number(0...1_000_000), in: &self)
    reading.set(
      .leadershipMinLoadDelta, \.leadershipMinLoadDelta, .number(1...1_000_000), in: &self)
    reading.set(.replicaBalance, \.replicaBalance, .flag, in: &self)
    reading.set(
      .replicaBalanceMaxMoves, \.replicaBalanceMaxMoves, .number(1...1_000_000), in: &self)
    reading.set(.nodeAttributes, \.nodeAttributes, .nodeAttributes, in: &self)
    reading.set(.requiredAttributes, \.requiredAttributes, .constraints, in: &self)
    reading.set(.leasePreferences, \.leasePreferences, .constraints, in: &self)
    reading.set(.spreadAttributes, \.spreadAttributes, .attributeNames, in: &self)
    reading.checkReplicas(of: self)
    origins = reading.origins
    if !reading.problems.isEmpty { throw ConfigurationRefusal(problems: reading.problems) }
  }

  /// Which source gave the key its value, or that it stands at its default.
  public func origin(of key: ShardingKey) -> ConfigurationOrigin { origins[key] ?? .standard }

  public var policy: ReplicaPlacementPolicy {
    ReplicaPlacementPolicy(
      replicationFactor: replicationFactor, nodeAttributes: nodeAttributes,
      requiredAttributes: requiredAttributes, leasePreferences: leasePreferences,
      spreadAttributes: spreadAttributes)
  }

  /// Repairs go by way of learners.
  public var maintenance: ReplicationMaintenanceOptions {
    ReplicationMaintenanceOptions(
      repair: ReplicaRepairOptions(
        repairMode: .learnerFirst, maxLearnersPerShard: maxLearnersPerShard,
        maxLearnersPerNode: maxLearnersPerNode),
      leadership: LeadershipBalanceOptions(
        maxTransfers: leadershipMaxTransfers, minLoadDelta: leadershipMinLoadDelta),
      replicaBalance: replicaBalance
        ? ReplicaBalanceOptions(
          maxMoves: replicaBalanceMaxMoves, minLoadDelta: leadershipMinLoadDelta) : nil)
  }
}
