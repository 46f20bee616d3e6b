import AionModel

extension ClusterState {
  mutating func upsert(_ node: NodeDescriptor) throws(ClusterError) {
    try NameRule.endpoint.check(node.rpcEndpoint)
    var node = node
    if let current = snapshot.node(node.id) {
      // A node that registers again when it starts knows nothing of an operator's wish to drain it.
      node.isDraining = current.isDraining
      // Who says by hand that a node is down is not contradicted by its agent.
      node.registration = node.isLive ? current.registration : nil
      if current.hasSameBytes(as: node) { return }
    } else {
      node.registration = nil
    }
    put(node)
  }

  mutating func markNode(_ id: NodeID, live: Bool) throws(ClusterError) {
    var node = try requireNode(id)
    guard node.isLive != live || !live && node.registration != nil else { return }
    node.isLive = live
    if !live { node.registration = nil }
    put(node)
  }

  mutating func setDraining(of id: NodeID, to isDraining: Bool) throws(ClusterError) {
    var node = try requireNode(id)
    guard node.isDraining != isDraining else { return }
    node.isDraining = isDraining
    put(node)
  }

  mutating func register(
    _ id: NodeID, at endpoint: String, _ registration: NodeRegistration, renewing: PlacementEpoch?
  ) throws(ClusterError) {
    try NameRule.endpoint.check(endpoint)
    var node = NodeDescriptor(id: id, rpcEndpoint: endpoint, registration: registration)
    if let current = snapshot.node(id) {
      guard !current.isHeldDown, current.yields(to: registration.agent, renewing) else { return }
      node.isDraining = current.isDraining
    } else if renewing != nil {
      throw .unknownNode(id)
    }
    put(node)
  }

  mutating func expireNode(
    _ id: NodeID, _ registration: PlacementEpoch
  ) throws(ClusterError) {
    var node = try requireNode(id)
    guard node.isLive, node.registration?.epoch == registration else { return }
    node.isLive = false
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

extension NodeDescriptor {
  /// Whether an agent may register the node: who begins always, who goes on unless another one has
  /// begun since.
  fileprivate func yields(to agent: AgentID, _ renewing: PlacementEpoch?) -> Bool {
    guard let renewing, let registration, registration.agent != agent else { return true }
    return registration.epoch <= renewing
  }
}
