import AionModel

/// Moves leadership in three steps: away from down leaders, to where leases are preferred, and from
/// hot nodes to cold ones.
struct LeadershipBalancer {
  let table: ReplicaTable
  let options: LeadershipBalanceOptions
  var leaders: [Int]
  /// By node: how fit it is to lead, lower is better; `.max` when it is down.
  let ranks: [Int]
  /// By shard: where its leader is as the plans so far leave it; -1 when the shard is left alone.
  private(set) var leaderOf: [Int32] = []
  private(set) var plans: [LeadershipTransferPlan] = []
  private(set) var balancing = 0

  init(_ table: ReplicaTable, options: LeadershipBalanceOptions) {
    self.table = table
    self.options = options
    leaders = table.load.leaders
    let nodes = table.nodes
    ranks = nodes.ids.indices.map { nodes.isLive[$0] ? nodes.leaderRank(of: $0) : .max }
    leaderOf = Array(repeating: -1, count: table.shards.count)
  }

  mutating func balance() -> [LeadershipTransferPlan] {
    failOver()
    if options.maxTransfers > 0 {
      moveToPreferred()
      moveToCold()
    }
    return plans
  }

  var isFull: Bool { balancing >= options.maxTransfers }

  mutating func transfer(
    _ shard: Int, to node: Int, _ reason: LeadershipTransferReason, isBalancing: Bool
  ) {
    let from = Int(leaderOf[shard])
    leaders[from] -= 1
    leaders[node] += 1
    leaderOf[shard] = -1
    if isBalancing { balancing += 1 }
    plans.append(
      LeadershipTransferPlan(
        shard: table.shards[shard].key, from: table.nodes.ids[from], to: table.nodes.ids[node],
        expected: table.shards[shard].placements, reason: reason))
  }

  /// A down leader is succeeded wherever a quorum lives, without limit.
  private mutating func failOver() {
    for shard in table.shards.indices {
      let tally = table.tally(shard)
      guard tally.isWellFormed, tally.hasLiveQuorum else { continue }
      leaderOf[shard] = Int32(tally.leader)
      guard !tally.isLeaderLive,
        let heir = table.nodes.bestLeader(among: table[shard], leaders: leaders)
      else { continue }
      let choice = table.nodes.leaderChoice(of: heir, leaders: leaders[heir])
      transfer(shard, to: heir, .leaderDown(choice), isBalancing: false)
    }
  }

  private mutating func moveToPreferred() {
    guard !table.nodes.policy.leasePreferences.isEmpty || table.nodes.isDraining.contains(true)
    else { return }
    for shard in table.shards.indices where leaderOf[shard] >= 0 {
      if isFull { return }
      let leader = Int(leaderOf[shard])
      guard let better = table.nodes.bestLeader(among: table[shard], leaders: leaders),
        let reason = preference(for: better, over: leader)
      else { continue }
      transfer(shard, to: better, reason, isBalancing: true)
    }
  }

  private func preference(for node: Int, over leader: Int) -> LeadershipTransferReason? {
    let nodes = table.nodes
    guard nodes.leaderRank(of: node) < nodes.leaderRank(of: leader) else { return nil }
    if nodes.isDraining[leader], !nodes.isDraining[node] {
      return .leaderDraining(nodes.leaderChoice(of: node, leaders: leaders[node]))
    }
    let preferences = nodes.policy.leasePreferences
    guard nodes.leaseRank[node] < min(nodes.leaseRank[leader], preferences.count) else {
      return nil
    }
    return .leasePreference(preferences[nodes.leaseRank[node]])
  }
}
