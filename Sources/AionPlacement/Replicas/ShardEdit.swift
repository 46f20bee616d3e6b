import AionModel

/// The replicas of one shard while a plan changes them.
struct ShardEdit {
  private(set) var replicas: [Replica]

  init(_ replicas: ArraySlice<Replica>) { self.replicas = Array(replicas) }

  var voters: Int { replicas.count { $0.isVoting } }

  var leader: Int? { replicas.first { $0.isLeader }?.node }

  mutating func add(_ node: Int, as role: ReplicaRole) {
    replicas.append(Replica(node: node, role: role))
  }

  mutating func remove(_ node: Int) { replicas.removeAll { $0.node == node } }

  mutating func setRole(_ role: ReplicaRole, of node: Int) {
    guard let index = replicas.firstIndex(where: { $0.node == node }) else { return }
    replicas[index] = Replica(node: node, role: role)
  }

  mutating func makeLeader(_ node: Int) {
    if let leader { setRole(.follower, of: leader) }
    setRole(.leader, of: node)
  }

  func liveVoters(in nodes: NodeTable) -> Int {
    replicas.count { $0.isVoting && nodes.isLive[$0.node] }
  }

  func hasLiveQuorum(in nodes: NodeTable) -> Bool {
    liveVoters(in: nodes) >= quorum(of: voters) && voters > 0
  }

  func placements(of shard: ShardKey, in nodes: NodeTable) -> [ShardPlacement] {
    let placements = replicas.map {
      ShardPlacement(shard: shard.shard, node: nodes.ids[$0.node], role: $0.role)
    }
    return ShardDescriptor(key: shard, placements: placements).placements
  }
}
