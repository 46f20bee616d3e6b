public import AionModel

/// What became of a leadership transfer.
public enum LeadershipTransferStatus: Hashable, Sendable, CustomStringConvertible {
  case applied(PlacementEpoch)
  case skippedAlreadyLeader
  /// Another node leads than the planner saw.
  case skippedStaleLeader
  /// The shard has no live voting quorum, or the new leader has gone down.
  case skippedLostQuorum
  /// The leader is the one that the planner saw, but other replicas are not.
  case skippedStalePlacement
  /// It was to even what two nodes lead, which is even by now.
  case skippedStaleLoad
  case skippedUnknownShard

  public var isApplied: Bool {
    if case .applied = self { true } else { false }
  }

  public var description: String {
    switch self {
    case .applied(let epoch): "applied at epoch \(epoch)"
    case .skippedAlreadyLeader: "skipped: it leads already"
    case .skippedStaleLeader: "skipped: another node leads meanwhile"
    case .skippedLostQuorum: "skipped: no live voting quorum, or the new leader is down"
    case .skippedStalePlacement: "skipped: its replicas have changed meanwhile"
    case .skippedStaleLoad: "skipped: the load has evened out meanwhile"
    case .skippedUnknownShard: "skipped: the shard is gone"
    }
  }
}

/// A leadership transfer and what became of it.
public struct LeadershipTransferOutcome: Hashable, Sendable, CustomStringConvertible {
  public let plan: LeadershipTransferPlan
  public let status: LeadershipTransferStatus

  public init(plan: LeadershipTransferPlan, status: LeadershipTransferStatus) {
    self.plan = plan
    self.status = status
  }

  public var description: String { "\(plan) -> \(status)" }
}
