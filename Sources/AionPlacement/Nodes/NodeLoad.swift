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

  /// Nodes of which nothing is known carry nothing.
  init(_ counts: [NodeID: ReplicaCounts], on nodes: NodeTable) {
    self.init(nodeCount: nodes.count)
    raise(to: counts, on: nodes)
  }

  /// Counts what the nodes carry beyond what was counted so far.
  mutating func raise(to counts: [NodeID: ReplicaCounts], on nodes: NodeTable) {
    for (node, id) in nodes.ids.enumerated() {
      guard let known = counts[id] else { continue }
      leaders[node] = max(leaders[node], known.leaders)
      replicas[node] = max(replicas[node], known.total)
      learners[node] = max(learners[node], known.learners)
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
