import AionModel

/// Places new shards one after the other; each placement is load for the next.
struct InitialPlacer {
  private let nodes: NodeTable
  private var load: NodeLoad
  private var leaders: NodeChooser
  private var replicas: NodeChooser
  private let asked: Int
  private let voters: Int
  private var chosen: [Int] = []

  init(
    _ descriptors: [NodeDescriptor], policy: ReplicaPlacementPolicy,
    beside existing: [NodeID: ReplicaCounts]
  ) throws(PlacementRefusal) {
    nodes = NodeTable(descriptors, policy: policy)
    load = NodeLoad(existing, on: nodes)
    let table = nodes
    let candidates = (0..<nodes.registeredCount).filter { table.isCandidate($0) }
    guard !candidates.isEmpty else { throw table.noCandidates() }
    asked = min(max(policy.replicationFactor, 1), PlacementLimits.placementsPerShard)
    voters = min(asked, candidates.count)

    let bestRank = candidates.map { table.leaseRank[$0] }.min()
    leaders = NodeChooser(
      candidates.filter { table.leaseRank[$0] == bestRank }, of: nodes.count,
      spread: SpreadTable(attributes: []))
    replicas = NodeChooser(candidates, of: nodes.count, spread: nodes.spread)
    for node in candidates {
      leaders.offer(node, load: load.leaders[node])
      replicas.offer(node, load: load.replicas[node])
    }
  }

  mutating func place(_ key: ShardKey) -> InitialPlacementPlan {
    chosen.removeAll(keepingCapacity: true)
    var closest: NodeChooser.Conflicts = 0
    guard let leader = leaders.choose()?.node else {
      preconditionFailure("no candidate, although \(voters) voters are to be placed")
    }
    let choice = nodes.leaderChoice(of: leader, leaders: load.leaders[leader])
    take(leader)
    while chosen.count < voters, let choice = replicas.choose() {
      closest = max(closest, choice.conflicts)
      take(choice.node)
    }
    settle(leader: leader)
    let shard = ShardDescriptor(key: key, placements: placements(of: key.shard, leader: leader))
    return InitialPlacementPlan(shard: shard, reason: reason(leader: choice, closest: closest))
  }

  private mutating func take(_ node: Int) {
    chosen.append(node)
    replicas.withdraw(node)
    replicas.occupy(node)
  }

  private mutating func settle(leader: Int) {
    load.leaders[leader] += 1
    leaders.offer(leader, load: load.leaders[leader])
    for node in chosen {
      load.replicas[node] += 1
      replicas.vacate(node)
      replicas.offer(node, load: load.replicas[node])
    }
  }

  /// In the order of their nodes, as a descriptor wants them.
  private mutating func placements(of shard: ShardID, leader: Int) -> [ShardPlacement] {
    chosen.sort()
    return chosen.map { node in
      ShardPlacement(
        shard: shard, node: nodes.ids[node], role: node == leader ? .leader : .follower)
    }
  }

  private func reason(
    leader: LeaderChoice, closest: NodeChooser.Conflicts
  ) -> InitialPlacementReason {
    let spread = nodes.spread.reach(closest)
    return voters == asked
      ? .full(voters: voters, leader: leader, spread: spread)
      : .capped(voters: voters, asked: asked, leader: leader, spread: spread)
  }
}

extension NodeTable {
  func noCandidates() -> PlacementRefusal {
    let registered = 0..<registeredCount
    return .noCandidates(
      registered: registeredCount, live: registered.count { isLive[$0] },
      satisfyingRequired: registered.count { isLive[$0] && satisfiesRequired[$0] })
  }
}
