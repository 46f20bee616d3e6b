public import AionModel

/// What became of a leadership transfer.
public enum LeadershipTransferStatus: Hashable, Sendable {
  case applied(PlacementEpoch)
  case skippedAlreadyLeader
  /// Another node leads than the planner saw.
  case skippedStaleLeader
  /// The shard has no live voting quorum, or the new leader has gone down.
  case skippedLostQuorum
  /// The leader is the one that the planner saw, but other replicas are not.
  case skippedStalePlacement
  case skippedUnknownShard

  public var isApplied: Bool {
    if case .applied = self { true } else { false }
  }
}

/// A leadership transfer and what became of it.
public struct LeadershipTransferOutcome: Hashable, Sendable {
  public let plan: LeadershipTransferPlan
  public let status: LeadershipTransferStatus

  public init(plan: LeadershipTransferPlan, status: LeadershipTransferStatus) {
    self.plan = plan
    self.status = status
  }
}
