import AionModel

/// What each node of a `NodeTable` carries, by its number.
struct NodeLoad {
  var leaders: [Int]
  /// Voters and learners.
  var replicas: [Int]
  var learners: [Int]

  init(nodeCount: Int) {
    leaders = Array(repeating: 0, count: nodeCount)
    replicas = leaders
    learners = leaders
  }

  init(of shards: [ShardDescriptor], on nodes: NodeTable) {
    self.init(nodeCount: nodes.count)
    for shard in shards {
      for placement in shard.placements {
        guard let node = nodes.number(of: placement.node) else { continue }
        count(placement.role, on: node, by: 1)
      }
    }
  }

  mutating func count(_ role: ReplicaRole, on node: Int, by change: Int) {
    replicas[node] += change
    switch role {
    case .leader: leaders[node] += change
    case .learner: learners[node] += change
    case .follower: break
    }
  }
}
