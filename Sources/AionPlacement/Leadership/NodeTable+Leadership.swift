import AionModel

extension NodeTable {
  /// The live voter that should lead: not on a node that is drained or unknown when there is
  /// another, then by lease preference, then the one that leads fewest.
  func bestLeader(among replicas: some Sequence<Replica>, leaders: [Int]) -> Int? {
    var best: (rank: Int, load: UInt64, node: Int)?
    for replica in replicas where replica.isVoting && isLive[replica.node] {
      let node = replica.node
      let rank = leaderRank(of: node)
      let load = NodeChooser.key(of: node, load: leaders[node])
      if let best, (best.rank, best.load, best.node) <= (rank, load, node) { continue }
      best = (rank, load, node)
    }
    return best?.node
  }

  /// Lower is better.
  func leaderRank(of node: Int) -> Int {
    let ranks = policy.leasePreferences.count + 1
    return leaseRank[node] + (isRegistered(node) ? 0 : ranks) + (isDraining[node] ? 2 * ranks : 0)
  }

  func leaderChoice(of node: Int, leaders: Int) -> LeaderChoice {
    let preferences = policy.leasePreferences
    let rank = leaseRank[node]
    return rank < preferences.count
      ? .preferred(preferences[rank], leaders: leaders) : .fewestLeaders(leaders)
  }
}
