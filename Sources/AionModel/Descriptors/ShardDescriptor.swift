/// What a node does for a shard.
@frozen
public enum ReplicaRole: UInt8, Hashable, Sendable, CaseIterable, CustomStringConvertible {
  case leader = 1
  case follower = 2
  /// Receives the shard's changes and does not vote.
  case learner = 3

  @inlinable
  public var isVoting: Bool { self != .learner }

  public var description: String {
    switch self {
    case .leader: "leader"
    case .follower: "follower"
    case .learner: "learner"
    }
  }
}

/// One replica of a shard.
@frozen
public struct ShardPlacement: Hashable, Sendable {
  public var shard: ShardID
  public var node: NodeID
  public var role: ReplicaRole
  /// The epoch at which this placement was written: a fencing token. The state machine stamps it;
  /// what a proposer puts here is ignored.
  public var leaseEpoch: PlacementEpoch

  @inlinable
  public init(
    shard: ShardID, node: NodeID, role: ReplicaRole, leaseEpoch: PlacementEpoch = .zero
  ) {
    self.shard = shard
    self.node = node
    self.role = role
    self.leaseEpoch = leaseEpoch
  }

  /// Whether both say the same of the same replica, whenever it was written.
  @inlinable
  public func hasSameTopology(as other: ShardPlacement) -> Bool {
    shard == other.shard && role == other.role && node == other.node
  }
}

/// A shard and its replicas.
public struct ShardDescriptor: Hashable, Sendable {
  public var key: ShardKey
  /// In the order of their nodes; the order means nothing.
  public let placements: [ShardPlacement]

  public init(key: ShardKey, placements: [ShardPlacement]) {
    self.key = key
    self.placements =
      placements.isSortedByNode ? placements : placements.sorted { $0.node < $1.node }
  }

  /// The replica that leads; a shard of the catalog always has exactly one.
  public var leader: ShardPlacement? { placements.first { $0.role == .leader } }

  public var voters: [ShardPlacement] { placements.filter { $0.role.isVoting } }

  public var learners: [ShardPlacement] { placements.filter { $0.role == .learner } }

  /// The shard's replica on `node`, or nil.
  public func placement(on node: NodeID) -> ShardPlacement? {
    placements.first { $0.node == node }
  }
}

extension [ShardPlacement] {
  fileprivate var isSortedByNode: Bool {
    zip(self, dropFirst()).allSatisfy { $0.node <= $1.node }
  }
}
