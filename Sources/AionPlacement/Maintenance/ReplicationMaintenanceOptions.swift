/// What one pass of maintenance may do.
public struct ReplicationMaintenanceOptions: Hashable, Sendable {
  public var repair: ReplicaRepairOptions
  public var leadership: LeadershipBalanceOptions
  /// nil: replicas stay where they are unless a node is down or draining.
  public var replicaBalance: ReplicaBalanceOptions?

  public init(
    repair: ReplicaRepairOptions = ReplicaRepairOptions(),
    leadership: LeadershipBalanceOptions = LeadershipBalanceOptions(),
    replicaBalance: ReplicaBalanceOptions? = nil
  ) {
    self.repair = repair
    self.leadership = leadership
    self.replicaBalance = replicaBalance
  }
}
