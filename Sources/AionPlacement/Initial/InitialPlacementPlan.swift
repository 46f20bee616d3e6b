public import AionModel

/// Where a new shard is to live; `shard` can be given to `upsertShard` as it is.
public struct InitialPlacementPlan: Hashable, Sendable, CustomStringConvertible {
  public var shard: ShardDescriptor
  public var reason: InitialPlacementReason

  public init(shard: ShardDescriptor, reason: InitialPlacementReason) {
    self.shard = shard
    self.reason = reason
  }

  public var description: String {
    "\(shard.key): place on \(rendered(shard.placements)): \(reason)"
  }
}

/// Why a new shard gets these voters.
public enum InitialPlacementReason: Hashable, Sendable, CustomStringConvertible {
  /// As many voters as the policy asks for; `spread` is that of the voter that stands closest.
  case full(voters: Int, leader: LeaderChoice, spread: SpreadReach)
  /// There are fewer candidates than voters asked for.
  case capped(voters: Int, asked: Int, leader: LeaderChoice, spread: SpreadReach)

  public var description: String {
    switch self {
    case .full(let voters, let leader, let spread):
      "\(voters) voters; leader \(leader); \(spread)"
    case .capped(let voters, let asked, let leader, let spread):
      "\(voters) of \(asked) voters, no more candidates; leader \(leader); \(spread)"
    }
  }
}

/// `[node-a leader, node-b follower]`
func rendered(_ placements: [ShardPlacement]) -> String {
  "[" + placements.map { "\($0.node) \($0.role)" }.joined(separator: ", ") + "]"
}
