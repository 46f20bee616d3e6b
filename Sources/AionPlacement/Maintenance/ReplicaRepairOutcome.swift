public import AionModel

/// What became of a repair.
public enum ReplicaRepairStatus: Hashable, Sendable {
  case applied(PlacementEpoch)
  /// The shard already is as the plan wants it.
  case skippedNoChange
  /// The shard has no live voting quorum, or would have none afterwards.
  case skippedLostQuorum
  /// Its replicas are no longer those that the planner saw.
  case skippedStalePlacement
  case skippedUnknownShard

  public var isApplied: Bool {
    if case .applied = self { true } else { false }
  }
}

/// A repair and what became of it.
public struct ReplicaRepairOutcome: Hashable, Sendable {
  public let plan: ReplicaRepairPlan
  public let status: ReplicaRepairStatus

  public init(plan: ReplicaRepairPlan, status: ReplicaRepairStatus) {
    self.plan = plan
    self.status = status
  }
}
