import AionModel

/// Moves replicas of shards that are otherwise well: staged learners take over first, then spread
/// is widened, then load evened.
struct ReplicaBalancer {
  var pass: ReplicaPass
  let delta: Int
  /// By shard: whether it may still be touched.
  private(set) var isOpen: [Bool]
  private let caughtUp: Set<ReplicaCatchupKey>

  init(_ pass: ReplicaPass, caughtUp: Set<ReplicaCatchupKey>, minLoadDelta: Int) {
    self.pass = pass
    self.caughtUp = caughtUp
    delta = max(minLoadDelta, 2)
    isOpen = pass.table.shards.indices.map { pass.isWell($0) }
  }

  mutating func plans() -> [ReplicaRepairPlan] {
    letLearnersTakeOver()
    widenSpread()
    evenLoad()
    return pass.plans
  }

  /// Moves a follower or learner from one node to another; a follower by way of a learner when
  /// repairs work that way.
  mutating func move(
    _ replica: Replica, of shard: Int, to choice: NodeChooser.Choice, because cause: RepairCause
  ) -> Bool {
    var edit = ShardEdit(pass.table[shard])
    let node = pass.describe(choice)
    let moved: Bool
    if replica.isVoting, pass.options.repairMode == .learnerFirst {
      guard pass.table.tally(shard).learners < pass.options.maxLearnersPerShard,
        edit.replicas.count < PlacementLimits.placementsPerShard
      else { return false }
      edit.add(choice.node, as: .learner)
      moved = pass.emit(shard, edit, .stageLearner(node, because: cause, dropping: nil))
      if moved { pass.anticipateLeave(of: replica.node) }
    } else {
      guard !replica.isVoting || pass.canReplace(replica.node, in: shard) else { return false }
      edit.remove(replica.node)
      edit.add(choice.node, as: replica.role)
      moved = pass.emit(
        shard, edit,
        replica.isVoting
          ? .replaceVoter(by: node, because: cause)
          : .stageLearner(node, because: cause, dropping: pass.nodes.ids[replica.node]))
    }
    if moved { isOpen[shard] = false }
    return moved
  }

  /// A learner that is not caught up yet is counted as if it had taken over, so that no second one
  /// is staged for the same reason.
  private mutating func letLearnersTakeOver() {
    for shard in pass.table.shards.indices where isOpen[shard] {
      guard pass.table.tally(shard).learners > 0, let change = takeOver(in: shard) else { continue }
      let node = pass.nodes.ids[change.learner]
      let key = ReplicaCatchupKey(shard: pass.table.shards[shard].key, node: node)
      isOpen[shard] = false
      guard caughtUp.contains(key), !pass.isFull else {
        pass.anticipateLeave(of: change.follower)
        continue
      }
      var edit = ShardEdit(pass.table[shard])
      edit.setRole(.follower, of: change.learner)
      edit.remove(change.follower)
      pass.emit(shard, edit, .promoteLearnerInPlace(node, because: change.cause))
    }
  }

  private mutating func takeOver(
    in shard: Int
  ) -> (learner: Int, follower: Int, cause: RepairCause)? {
    for learner in pass.table[shard] where pass.isPromotable(learner) {
      guard let (follower, cause) = relieved(by: learner.node, in: shard) else { continue }
      return (learner.node, follower, cause)
    }
    return nil
  }

  /// The follower whose leaving widens the spread, else the one on the most loaded node, if that
  /// has more than the learner's: each takeover brings the loads together, so that they come to
  /// rest.
  private mutating func relieved(by learner: Int, in shard: Int) -> (Int, RepairCause)? {
    var best: (gain: NodeChooser.Conflicts, load: Int, node: Int, cause: RepairCause)?
    for replica in pass.table[shard] where replica.role == .follower {
      let node = replica.node
      let own = pass.conflicts(of: node, in: shard, apartFrom: .voters)
      let other = pass.conflicts(of: learner, in: shard, apartFrom: .voters, moving: node)
      let load = pass.load.replicas[node]
      guard other < own || (other == own && load > pass.load.replicas[learner]),
        pass.canReplace(node, in: shard)
      else { continue }
      let gain = other < own ? own : 0
      if let best, (best.gain, best.load) >= (gain, load) { continue }
      let id = pass.nodes.ids[node]
      best = (gain, load, node, other < own ? .narrowSpread(id) : .unevenLoad(id, replicas: load))
    }
    return best.map { ($0.node, $0.cause) }
  }

  private mutating func widenSpread() {
    guard !pass.nodes.spread.attributes.isEmpty else { return }
    for shard in pass.table.shards.indices where isOpen[shard] {
      if pass.isFull { return }
      for replica in pass.table[shard] where replica.role == .follower {
        let own = pass.conflicts(of: replica.node, in: shard, apartFrom: .voters)
        guard own > 0,
          let choice = pass.choose(for: shard, apartFrom: .voters, moving: replica.node),
          choice.conflicts < own
        else { continue }
        if move(
          replica, of: shard, to: choice, because: .narrowSpread(pass.nodes.ids[replica.node]))
        {
          break
        }
      }
    }
  }
}

extension ReplicaPass {
  /// Whether the shard needs no repair and is large enough to lose a voter for a moment.
  func isWell(_ shard: Int) -> Bool {
    let tally = table.tally(shard)
    return tally.isWellFormed && tally.voters == max(factor, 3) && tally.downVoters == 0
      && !table[shard].contains { nodes.isDraining[$0.node] }
  }
}
