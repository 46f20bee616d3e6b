import AionModel

/// What the planners of replica changes share: the shards, the load as the plans so far leave it,
/// and the nodes that can take one more replica.
struct ReplicaPass {
  let table: ReplicaTable
  let options: ReplicaRepairOptions
  let factor: Int
  private(set) var load: NodeLoad
  private(set) var chooser: NodeChooser
  private(set) var plans: [ReplicaRepairPlan] = []

  init(
    _ shards: [ShardDescriptor], on nodes: [NodeDescriptor], policy: ReplicaPlacementPolicy,
    load totals: [NodeID: ReplicaCounts]?, options: ReplicaRepairOptions
  ) {
    table = ReplicaTable(shards, on: nodes, policy: policy, load: totals)
    self.options = options
    factor = options.factor(under: policy)
    load = table.load
    let nodes = table.nodes
    let candidates = (0..<nodes.registeredCount).filter { nodes.isCandidate($0) }
    chooser = NodeChooser(candidates, of: nodes.count, spread: nodes.spread)
    for node in candidates { offer(node) }
  }

  var nodes: NodeTable { table.nodes }

  var isFull: Bool { plans.count >= options.maxRepairs }

  /// The replicas of a shard from which another is to stand apart.
  enum Neighbours {
    case voters
    case stayingVoters
    case stayingVotersAndLearnersToBePromoted
  }

  func counts(_ replica: Replica, as neighbours: Neighbours) -> Bool {
    switch neighbours {
    case .voters: replica.isVoting
    case .stayingVoters: replica.isVoting && stays(replica)
    case .stayingVotersAndLearnersToBePromoted:
      replica.isVoting ? stays(replica) : isPromotable(replica)
    }
  }

  /// Whether the voter keeps its place for good.
  func stays(_ replica: Replica) -> Bool {
    !(options.replaceDownVoters && !nodes.isLive[replica.node]) && !nodes.isDraining[replica.node]
  }

  /// A learner that can be promoted once it is caught up.
  func isPromotable(_ replica: Replica) -> Bool {
    !replica.isVoting && nodes.isCandidate(replica.node)
  }

  /// The best node without a replica of the shard.
  ///
  /// - Parameter moving: A node whose replica is to go and so does not count.
  mutating func choose(
    for shard: Int, apartFrom neighbours: Neighbours, moving: Int? = nil
  ) -> NodeChooser.Choice? {
    for replica in table[shard] {
      chooser.withdraw(replica.node)
      if replica.node != moving, counts(replica, as: neighbours) { chooser.occupy(replica.node) }
    }
    let choice = chooser.choose()
    for replica in table[shard] {
      offer(replica.node)
      if replica.node != moving, counts(replica, as: neighbours) { chooser.vacate(replica.node) }
    }
    return choice
  }

  func describe(_ choice: NodeChooser.Choice) -> NodeChoice {
    NodeChoice(
      node: nodes.ids[choice.node], replicas: load.replicas[choice.node],
      spread: nodes.spread.reach(choice.conflicts))
  }

  /// How much the node shares with the other replicas of the shard.
  ///
  /// - Parameter moving: A node whose replica is to go and so does not count.
  mutating func conflicts(
    of node: Int, in shard: Int, apartFrom neighbours: Neighbours, moving: Int? = nil
  ) -> NodeChooser.Conflicts {
    func isCounted(_ replica: Replica) -> Bool {
      replica.node != node && replica.node != moving && counts(replica, as: neighbours)
    }
    for replica in table[shard] where isCounted(replica) { chooser.occupy(replica.node) }
    let conflicts = chooser.conflicts(of: node)
    for replica in table[shard] where isCounted(replica) { chooser.vacate(replica.node) }
    return conflicts
  }

  /// Adds the plan, with a new leader when the old one is down or leaves. Refuses, and returns
  /// false, when the shard would be without a live quorum or without a voter fit to lead.
  @discardableResult
  mutating func emit(_ shard: Int, _ edit: ShardEdit, _ reason: ReplicaRepairReason) -> Bool {
    var edit = edit
    let before = table.tally(shard)
    var handover: LeaderHandover?
    if edit.leader != before.leader || !before.isLeaderLive {
      guard let moved = handOver(&edit, from: before.leader, of: shard) else { return false }
      handover = moved
    }
    guard edit.hasLiveQuorum(in: nodes) else { return false }
    settle(from: table[shard], to: edit.replicas)
    let descriptor = table.shards[shard]
    plans.append(
      ReplicaRepairPlan(
        shard: descriptor.key, expected: descriptor.placements,
        placements: edit.placements(of: descriptor.key, in: nodes), reason: reason,
        handover: handover))
    return true
  }

  /// Counts a follower that is to leave the node later as gone, so that no other is moved for it.
  mutating func anticipateLeave(of node: Int) {
    load.count(.follower, on: node, by: -1)
    offer(node)
  }

  private func handOver(
    _ edit: inout ShardEdit, from leader: Int, of shard: Int
  ) -> LeaderHandover? {
    let isLive = nodes.isLive[leader]
    // A replica that has voted before: a new one may lack what the shard has committed.
    let heirs = table[shard].filter { replica in
      replica.isVoting && replica.node != leader
        && edit.replicas.contains { $0.node == replica.node && $0.isVoting }
    }
    guard let heir = nodes.bestLeader(among: heirs, leaders: load.leaders) else { return nil }
    edit.makeLeader(heir)
    return LeaderHandover(
      from: nodes.ids[leader], to: nodes.ids[heir], cause: isLive ? .leaderLeaves : .leaderDown,
      choice: nodes.leaderChoice(of: heir, leaders: load.leaders[heir]))
  }

  private mutating func settle(from old: ArraySlice<Replica>, to new: [Replica]) {
    for replica in old { load.count(replica.role, on: replica.node, by: -1) }
    for replica in new { load.count(replica.role, on: replica.node, by: 1) }
    for replica in old { offer(replica.node) }
    for replica in new { offer(replica.node) }
  }

  private mutating func offer(_ node: Int) {
    let isFullOfLearners =
      options.repairMode == .learnerFirst && load.learners[node] >= options.maxLearnersPerNode
    if isFullOfLearners {
      chooser.withdraw(node)
    } else {
      chooser.offer(node, load: load.replicas[node])
    }
  }
}
