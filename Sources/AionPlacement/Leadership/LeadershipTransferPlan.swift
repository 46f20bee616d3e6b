public import AionModel

/// One shard gets another leader, made only while its replicas are as the planner saw them.
public struct LeadershipTransferPlan: Hashable, Sendable, CustomStringConvertible {
  public let shard: ShardKey
  public let from: NodeID
  public let to: NodeID
  public let expected: [ShardPlacement]
  public let reason: LeadershipTransferReason

  public init(
    shard: ShardKey, from: NodeID, to: NodeID, expected: [ShardPlacement],
    reason: LeadershipTransferReason
  ) {
    self.shard = shard
    self.from = from
    self.to = to
    self.expected = expected
    self.reason = reason
  }

  /// `expected` with the two roles changed.
  public var placements: [ShardPlacement] {
    expected.map { placement in
      var changed = placement
      if placement.node == to {
        changed.role = .leader
      } else if placement.role == .leader {
        changed.role = .follower
      }
      return changed
    }
  }

  public var description: String { "\(shard): \(from) hands over to \(to): \(reason)" }
}

/// Why a shard gets another leader.
public enum LeadershipTransferReason: Hashable, Sendable, CustomStringConvertible {
  case leaderDown(LeaderChoice)
  case leaderDraining(LeaderChoice)
  /// The new leader satisfies a lease preference that the old one does not, or a more important
  /// one.
  case leasePreference(NodeAttributeConstraint)
  /// What the two nodes led before the transfer.
  case unevenLoad(from: Int, to: Int)

  public var description: String {
    switch self {
    case .leaderDown(let choice): "the leader is down; the new one \(choice)"
    case .leaderDraining(let choice): "the leader is being drained; the new one \(choice)"
    case .leasePreference(let constraint): "leaders are preferred on \(constraint)"
    case .unevenLoad(let from, let to): "they lead \(from) and \(to) shards"
    }
  }
}
