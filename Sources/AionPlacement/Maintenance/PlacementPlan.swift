import AionModel

/// A plan that replaces the placements of one shard.
protocol PlacementPlan: Sendable {
  associatedtype Status: Sendable

  var shard: ShardKey { get }
  var expected: [ShardPlacement] { get }
  var placements: [ShardPlacement] { get }

  static func applied(_ epoch: PlacementEpoch) -> Status
  static var lostQuorum: Status { get }
  static var noChange: Status { get }
  static var unknownShard: Status { get }
  /// What a plan is worth when the shard's placements are others than expected.
  func stale(_ current: [ShardPlacement]) -> Status
}

extension ReplicaRepairPlan: PlacementPlan {
  typealias Status = ReplicaRepairStatus

  static func applied(_ epoch: PlacementEpoch) -> Status { .applied(epoch) }
  static var lostQuorum: Status { .skippedLostQuorum }
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
