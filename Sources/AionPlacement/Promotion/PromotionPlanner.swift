import AionModel

/// Turns caught-up learners into the voters that their shards need.
struct PromotionPlanner {
  private var pass: ReplicaPass
  private let caughtUp: Set<ReplicaCatchupKey>

  init(_ pass: ReplicaPass, caughtUp: Set<ReplicaCatchupKey>) {
    self.pass = pass
    self.caughtUp = caughtUp
  }

  mutating func plans() -> [ReplicaRepairPlan] {
    guard !caughtUp.isEmpty else { return [] }
    for shard in pass.table.shards.indices {
      if pass.isFull { break }
      let tally = pass.table.tally(shard)
      guard tally.learners > 0, tally.isWellFormed, tally.hasLiveQuorum else { continue }
      promote(in: shard, tally)
    }
    return pass.plans
  }

  private mutating func promote(in shard: Int, _ tally: ShardTally) {
    guard let cause = pass.causes(of: shard, tally).first,
      let learner = pass.bestCaughtUpLearner(of: shard, caughtUp)
    else { return }
    var edit = ShardEdit(pass.table[shard])
    edit.setRole(.follower, of: learner)
    let node = pass.nodes.ids[learner]
    if let culprit = pass.culprit(cause), pass.canReplace(culprit, in: shard) {
      edit.remove(culprit)
      pass.emit(shard, edit, .promoteLearnerInPlace(node, because: cause))
    } else {
      pass.emit(shard, edit, .promoteLearner(node, because: cause))
    }
  }
}

extension ReplicaPass {
  /// The one that stands furthest apart from the voters that stay, then on the least loaded node.
  mutating func bestCaughtUpLearner(of shard: Int, _ caughtUp: Set<ReplicaCatchupKey>) -> Int? {
    var best: (conflicts: NodeChooser.Conflicts, load: UInt64, node: Int)?
    let key = table.shards[shard].key
    for replica in table[shard] where isPromotable(replica) {
      let node = replica.node
      guard caughtUp.contains(ReplicaCatchupKey(shard: key, node: nodes.ids[node])) else {
        continue
      }
      let conflicts = conflicts(of: node, in: shard, apartFrom: .stayingVoters)
      let load = NodeChooser.key(of: node, load: load.replicas[node])
      if let best, (best.conflicts, best.load, best.node) <= (conflicts, load, node) { continue }
      best = (conflicts, load, node)
    }
    return best?.node
  }
}
