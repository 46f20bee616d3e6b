import AionModel

extension ReplicaPass {
  /// What has to be mended by a new voter each, the most urgent first: missing voters, then down
  /// ones, then those on draining nodes; followers before the leader.
  func causes(of shard: Int, _ tally: ShardTally) -> [RepairCause] {
    let staying = table[shard].count { $0.isVoting && stays($0) }
    let missing = max(0, factor - tally.voters)
    let causes =
      Array(repeating: RepairCause.missingVoter(has: tally.voters, asked: factor), count: missing)
      + leaving(shard)
    return Array(causes.prefix(max(0, factor - staying)))
  }

  /// Why voters leave: down ones, then those on draining nodes; followers before the leader.
  func leaving(_ shard: Int) -> [RepairCause] {
    let voters = table[shard].filter { $0.isVoting && !stays($0) }
    let inOrder = voters.filter { !$0.isLeader } + voters.filter(\.isLeader)
    let down = inOrder.filter { !nodes.isLive[$0.node] }
    let draining = inOrder.filter { nodes.isLive[$0.node] }
    return down.map { .downVoter(nodes.ids[$0.node]) }
      + draining.map { .drainingVoter(nodes.ids[$0.node]) }
  }

  /// The number of the node that the cause names.
  func culprit(_ cause: RepairCause) -> Int? {
    switch cause {
    case .missingVoter: nil
    case .downVoter(let node), .drainingVoter(let node), .drainingLearner(let node),
      .unevenLoad(let node, _), .narrowSpread(let node):
      nodes.number(of: node)
    }
  }

  /// Whether a voter may be replaced in one step: those that stay are a live quorum of the new
  /// topology by themselves, so that nothing rests on the newcomer.
  func canReplace(_ culprit: Int, in shard: Int) -> Bool {
    var staying = ShardEdit(table[shard])
    staying.remove(culprit)
    return staying.liveVoters(in: nodes) >= quorum(of: staying.voters + 1)
  }
}
