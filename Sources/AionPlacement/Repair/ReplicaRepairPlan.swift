public import AionModel

/// One change to the replicas of one shard, made only while they are as the planner saw them.
public struct ReplicaRepairPlan: Hashable, Sendable, CustomStringConvertible {
  public let shard: ShardKey
  public let expected: [ShardPlacement]
  public let placements: [ShardPlacement]
  public let reason: ReplicaRepairReason
  /// When the change also gives the shard a new leader.
  public let handover: LeaderHandover?

  public init(
    shard: ShardKey, expected: [ShardPlacement], placements: [ShardPlacement],
    reason: ReplicaRepairReason, handover: LeaderHandover? = nil
  ) {
    self.shard = shard
    self.expected = expected
    self.placements = placements
    self.reason = reason
    self.handover = handover
  }

  public var description: String {
    "\(shard): \(reason)" + (handover.map { "; \($0)" } ?? "")
  }
}
