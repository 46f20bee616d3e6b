public import AionModel

/// A learner of a shard, named to say that it is caught up.
public struct ReplicaCatchupKey: Hashable, Comparable, Sendable, CustomStringConvertible {
  public var shard: ShardKey
  public var node: NodeID

  public init(shard: ShardKey, node: NodeID) {
    self.shard = shard
    self.node = node
  }

  public static func < (left: Self, right: Self) -> Bool {
    left.shard != right.shard ? left.shard < right.shard : left.node < right.node
  }

  public var description: String { "\(shard) on \(node)" }
}

/// The learners among `shards` that live on these nodes, for an engine that knows only that a node
/// as a whole is caught up.
///
/// - Parameter caughtUp: Names that are unknown, not registered or down are left out.
public func caughtUpLearnerKeys(
  of shards: [ShardDescriptor], on nodes: [NodeDescriptor], forLiveNodes caughtUp: Set<NodeID>
) -> Set<ReplicaCatchupKey> {
  let live = Set(nodes.filter { $0.isLive && caughtUp.contains($0.id) }.map(\.id))
  var keys: Set<ReplicaCatchupKey> = []
  guard !live.isEmpty else { return keys }
  for shard in shards {
    for placement in shard.placements
    where placement.role == .learner && live.contains(placement.node) {
      keys.insert(ReplicaCatchupKey(shard: shard.key, node: placement.node))
    }
  }
  return keys
}
