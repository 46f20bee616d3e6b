import AionModel

/// Mends one shard after the other, those closest to losing their quorum first, one change each.
struct RepairPlanner {
  private var pass: ReplicaPass
  private let isDraining: Bool

  init(_ pass: ReplicaPass) {
    self.pass = pass
    isDraining = pass.nodes.isDraining.contains(true)
  }

  mutating func plans() -> [ReplicaRepairPlan] {
    for shard in urgentFirst() {
      if pass.isFull { break }
      mend(shard)
    }
    return pass.plans
  }

  private func urgentFirst() -> [Int] {
    var byMargin: [[Int]] = Array(repeating: [], count: PlacementLimits.placementsPerShard)
    for shard in pass.table.shards.indices {
      let tally = pass.table.tally(shard)
      guard tally.isWellFormed, tally.hasLiveQuorum, needsRepair(shard, tally) else { continue }
      byMargin[tally.liveVoters - quorum(of: tally.voters)].append(shard)
    }
    return byMargin.flatMap { $0 }
  }

  private func needsRepair(_ shard: Int, _ tally: ShardTally) -> Bool {
    tally.voters < pass.factor || (tally.downVoters > 0 && pass.options.replaceDownVoters)
      || (isDraining && pass.table[shard].contains { pass.nodes.isDraining[$0.node] })
  }

  private mutating func mend(_ shard: Int) {
    let tally = pass.table.tally(shard)
    if tally.voters > pass.factor, let cause = pass.leaving(shard).first,
      drop(shard, tally, because: cause)
    {
      return
    }
    let causes = pass.causes(of: shard, tally)
    switch pass.options.repairMode {
    case .directVoter: if let cause = causes.first, addVoter(shard, because: cause) { return }
    case .learnerFirst: if stageLearner(shard, tally, causes) { return }
    }
    moveDrainingLearner(shard)
  }

  private mutating func drop(_ shard: Int, _ tally: ShardTally, because cause: RepairCause) -> Bool
  {
    guard let node = pass.culprit(cause) else { return false }
    var edit = ShardEdit(pass.table[shard])
    edit.remove(node)
    return pass.emit(
      shard, edit,
      .dropVoter(pass.nodes.ids[node], because: cause, voters: tally.voters, asked: pass.factor))
  }

  private mutating func addVoter(_ shard: Int, because cause: RepairCause) -> Bool {
    var edit = ShardEdit(pass.table[shard])
    let replaced = pass.culprit(cause).flatMap { pass.canReplace($0, in: shard) ? $0 : nil }
    guard replaced != nil || edit.replicas.count < PlacementLimits.placementsPerShard,
      let choice = choose(for: shard)
    else { return false }
    if let replaced { edit.remove(replaced) }
    edit.add(choice.node, as: .follower)
    let node = pass.describe(choice)
    return pass.emit(
      shard, edit,
      replaced == nil
        ? .addVoter(node, because: cause) : .replaceVoter(by: node, because: cause))
  }

  private mutating func stageLearner(
    _ shard: Int, _ tally: ShardTally, _ causes: [RepairCause]
  ) -> Bool {
    let staged = pass.table[shard].count { pass.isPromotable($0) }
    guard staged < causes.count else { return false }
    var edit = ShardEdit(pass.table[shard])
    var dropped: Int?
    if tally.learners >= pass.options.maxLearnersPerShard {
      guard let useless = uselessLearner(of: shard), pass.options.maxLearnersPerShard > 0 else {
        return false
      }
      edit.remove(useless)
      dropped = useless
    }
    guard edit.replicas.count < PlacementLimits.placementsPerShard,
      let choice = choose(for: shard)
    else { return false }
    edit.add(choice.node, as: .learner)
    return pass.emit(
      shard, edit,
      .stageLearner(
        pass.describe(choice), because: causes[staged], dropping: dropped.map { pass.nodes.ids[$0] }
      ))
  }

  /// A learner that can never take over: on a down node first, then on a draining one, then on one
  /// that is not registered or lacks a required attribute.
  private func uselessLearner(of shard: Int) -> Int? {
    let useless = pass.table[shard].filter { !$0.isVoting && !pass.isPromotable($0) }
    return
      (useless.first { !pass.nodes.isLive[$0.node] }
      ?? useless.first { pass.nodes.isDraining[$0.node] } ?? useless.first)?.node
  }

  private mutating func moveDrainingLearner(_ shard: Int) {
    let learners = pass.table[shard].filter { !$0.isVoting && pass.nodes.isDraining[$0.node] }
    guard isDraining, let learner = learners.first?.node, let choice = choose(for: shard) else {
      return
    }
    var edit = ShardEdit(pass.table[shard])
    edit.remove(learner)
    edit.add(choice.node, as: .learner)
    let node = pass.nodes.ids[learner]
    pass.emit(
      shard, edit,
      .stageLearner(pass.describe(choice), because: .drainingLearner(node), dropping: node))
  }

  private mutating func choose(for shard: Int) -> NodeChooser.Choice? {
    pass.choose(
      for: shard,
      apartFrom: pass.options.repairMode == .learnerFirst
        ? .stayingVotersAndLearnersToBePromoted : .stayingVoters)
  }
}
