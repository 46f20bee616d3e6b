import AionModel

extension ClusterState {
  mutating func upsert(_ node: NodeDescriptor) throws(ClusterError) {
    try NameRule.endpoint.check(node.rpcEndpoint)
    var node = node
    if let current = snapshot.node(node.id) {
      // A node that registers again when it starts knows nothing of an operator's wish to drain it.
      node.isDraining = current.isDraining
      if current.hasSameBytes(as: node) { return }
    }
    put(node)
  }

  mutating func markNode(_ id: NodeID, live: Bool) throws(ClusterError) {
    var node = try requireNode(id)
    guard node.isLive != live else { return }
    node.isLive = live
    put(node)
  }

  mutating func setDraining(of id: NodeID, to isDraining: Bool) throws(ClusterError) {
    var node = try requireNode(id)
    guard node.isDraining != isDraining else { return }
    node.isDraining = isDraining
    put(node)
  }

  mutating func removeNode(_ id: NodeID) throws(ClusterError) {
    let node = try requireNode(id)
    let count = snapshot.placementCount(on: id)
    // Looked for only to name it in the refusal.
    if count > 0, let example = snapshot.shards().first(where: { $0.placement(on: id) != nil }) {
      throw .nodeHostsReplicas(id, count: count, example: example.key)
    }
    remove(node)
  }

  private func requireNode(_ id: NodeID) throws(ClusterError) -> NodeDescriptor {
    guard let node = snapshot.node(id) else { throw .unknownNode(id) }
    return node
  }
}
