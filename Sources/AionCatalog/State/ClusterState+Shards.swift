import AionModel

extension ClusterState {
  mutating func upsert(_ shard: ShardDescriptor, at index: LogIndex) throws(ClusterError) {
    try shard.checkPlacements()
    let current = snapshot.shard(shard.key)
    if let current, current.hasSameTopology(as: shard) { return }
    put(shard.stamped(with: PlacementEpoch(index), keepingUnchangedOf: current))
  }

  mutating func removeShards(of table: TableKey) {
    remove(snapshot.run(of: table))
  }

  mutating func updatePlacement(
    of key: ShardKey, to placements: [ShardPlacement], expecting expected: [ShardPlacement]?,
    at index: LogIndex
  ) throws(ClusterError) {
    let current = try requireShard(key)
    let shard = ShardDescriptor(key: key, placements: placements)
    try shard.checkPlacements()
    if let expected {
      let believed = ShardDescriptor(key: key, placements: expected)
      guard current.hasSameTopology(as: believed) else {
        throw .placementChanged(key, expected: expected, current: current.placements)
      }
    }
    if current.hasSameTopology(as: shard) { return }
    put(shard.stamped(with: PlacementEpoch(index)))
  }

  mutating func transferLeadership(
    of key: ShardKey, to node: NodeID, at index: LogIndex
  ) throws(ClusterError) {
    let current = try requireShard(key)
    try snapshot.requireLiveQuorum(of: current)
    guard let target = current.placement(on: node) else { throw .notAReplica(key, node) }
    guard target.role.isVoting else { throw .notAVoter(key, node) }
    guard snapshot.isLive(node) else { throw .nodeDown(node) }
    if target.role == .leader { return }
    let placements = current.placements.map { placement in
      var changed = placement
      if placement.role.isVoting { changed.role = placement.node == node ? .leader : .follower }
      return changed
    }
    put(ShardDescriptor(key: key, placements: placements).stamped(with: PlacementEpoch(index)))
  }

  private func requireShard(_ key: ShardKey) throws(ClusterError) -> ShardDescriptor {
    guard let shard = snapshot.shard(key) else { throw .unknownShard(.key(key)) }
    return shard
  }
}

extension ShardDescriptor {
  /// The rules of Docs/Semantics.md, "Placements valid".
  func checkPlacements() throws(ClusterError) {
    guard placements.count <= Limits.placementsPerShard else {
      throw .limitExceeded(
        .placementsPerShard, asked: placements.count, allowed: Limits.placementsPerShard)
    }
    if let problem = placementProblem { throw .invalidPlacement(key, problem) }
  }

  var placementProblem: PlacementProblem? {
    guard !placements.isEmpty else { return .empty }
    var leaders = 0
    for (index, placement) in placements.enumerated() {
      // Sorted by node, so equal ones stand side by side.
      if index > 0, placements[index - 1].node == placement.node {
        return .duplicateNode(placement.node)
      }
      if placement.role == .leader { leaders += 1 }
    }
    guard leaders == 1 else { return .leaders(count: leaders) }
    return placements.first { $0.shard != key.shard }.map { .otherShard($0.shard) }
  }

  /// Nodes and roles; both sides stand in the order of their nodes.
  func hasSameTopology(as other: ShardDescriptor) -> Bool {
    placements.count == other.placements.count
      && zip(placements, other.placements).allSatisfy { $0.hasSameTopology(as: $1) }
  }

  /// With every placement written at `epoch`, except those that `current` has just so.
  func stamped(
    with epoch: PlacementEpoch, keepingUnchangedOf current: ShardDescriptor? = nil
  ) -> ShardDescriptor {
    let stamped = placements.map { placement in
      var written = placement
      written.leaseEpoch = epoch
      if let old = current?.placement(on: placement.node), old.hasSameTopology(as: placement) {
        written.leaseEpoch = old.leaseEpoch
      }
      return written
    }
    return ShardDescriptor(key: key, placements: stamped)
  }
}
