public import AionModel

/// What became of a repair.
public enum ReplicaRepairStatus: Hashable, Sendable, CustomStringConvertible {
  case applied(PlacementEpoch)
  /// The shard already is as the plan wants it.
  case skippedNoChange
  /// The shard has no live voting quorum, or would have none afterwards.
  case skippedLostQuorum
  /// Its replicas are no longer those that the planner saw.
  case skippedStalePlacement
  /// A node that was to receive a replica is down, being drained or no longer registered.
  case skippedUnfitNode
  /// It was to even the load of two nodes, which is even by now.
  case skippedStaleLoad
  case skippedUnknownShard

  public var isApplied: Bool {
    if case .applied = self { true } else { false }
  }

  public var description: String {
    switch self {
    case .applied(let epoch): "applied at epoch \(epoch)"
    case .skippedNoChange: "skipped: the shard is like that already"
    case .skippedLostQuorum: "skipped: no live voting quorum"
    case .skippedStalePlacement: "skipped: its replicas have changed meanwhile"
    case .skippedUnfitNode: "skipped: a node that was to receive a replica no longer can"
    case .skippedStaleLoad: "skipped: the load has evened out meanwhile"
    case .skippedUnknownShard: "skipped: the shard is gone"
    }
  }
}

/// A repair and what became of it.
public struct ReplicaRepairOutcome: Hashable, Sendable, CustomStringConvertible {
  public let plan: ReplicaRepairPlan
  public let status: ReplicaRepairStatus

  public init(plan: ReplicaRepairPlan, status: ReplicaRepairStatus) {
    self.plan = plan
    self.status = status
  }

  public var description: String { "\(plan) -> \(status)" }
}
