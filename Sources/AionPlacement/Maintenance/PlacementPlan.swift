import AionModel

/// A plan that replaces the placements of one shard.
protocol PlacementPlan: Sendable {
  associatedtype Status: Sendable

  var shard: ShardKey { get }
  var expected: [ShardPlacement] { get }
  var placements: [ShardPlacement] { get }
  /// nil when the plan does not rest on the nodes' load.
  var evening: Evening? { get }

  static func applied(_ epoch: PlacementEpoch) -> Status
  static var lostQuorum: Status { get }
  /// What a plan is worth whose new replica has nowhere to go any more.
  static var unfitNode: Status { get }
  static var staleLoad: Status { get }
  static var noChange: Status { get }
  static var unknownShard: Status { get }
  /// What a plan is worth when the shard's placements are others than expected.
  func stale(_ current: [ShardPlacement]) -> Status
}

extension ReplicaRepairPlan: PlacementPlan {
  typealias Status = ReplicaRepairStatus

  static func applied(_ epoch: PlacementEpoch) -> Status { .applied(epoch) }
  static var lostQuorum: Status { .skippedLostQuorum }
  static var unfitNode: Status { .skippedUnfitNode }
  static var staleLoad: Status { .skippedStaleLoad }
  static var noChange: Status { .skippedNoChange }
  static var unknownShard: Status { .skippedUnknownShard }

  func stale(_ current: [ShardPlacement]) -> Status {
    current.hasSameTopology(as: placements) ? .skippedNoChange : .skippedStalePlacement
  }
}

extension LeadershipTransferPlan: PlacementPlan {
  typealias Status = LeadershipTransferStatus

  static func applied(_ epoch: PlacementEpoch) -> Status { .applied(epoch) }
  static var lostQuorum: Status { .skippedLostQuorum }
  /// A transfer brings no new replica; one that somebody made up is not what the shard is like.
  static var unfitNode: Status { .skippedStalePlacement }
  static var staleLoad: Status { .skippedStaleLoad }
  static var noChange: Status { .skippedAlreadyLeader }
  static var unknownShard: Status { .skippedUnknownShard }

  func stale(_ current: [ShardPlacement]) -> Status {
    switch current.first(where: { $0.role == .leader })?.node {
    case to: .skippedAlreadyLeader
    case from: .skippedStalePlacement
    default: .skippedStaleLeader
    }
  }
}

extension [ShardPlacement] {
  func hasSameTopology(as other: [ShardPlacement]) -> Bool {
    func inOrder(_ placements: [ShardPlacement]) -> [ShardPlacement] {
      placements.sorted { $0.node < $1.node }
    }
    return count == other.count
      && zip(inOrder(self), inOrder(other)).allSatisfy { $0.hasSameTopology(as: $1) }
  }
}
