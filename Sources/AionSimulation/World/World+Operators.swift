import AionModel
import AionNode
import AionRaft

/// What those who run the cluster are about to do.
struct Operators {
  /// How many voters the group shall have.
  var target = 0
  /// Members that shall leave, for no other reason than that members change.
  var leaving: Set<ReplicaID> = []
  private var asked: (of: Membership, for: [Membership]) = (Membership(), [])

  /// Takes note that a membership was asked for while `current` was in force.
  mutating func note(_ membership: Membership, askedOf current: Membership) {
    if asked.of != current { asked = (current, []) }
    if !asked.for.contains(membership) { asked.for.append(membership) }
  }

  /// Memberships that may yet come about, though nobody has applied them: what was asked for is in
  /// some log until another membership is in force.
  func underWay(from current: Membership) -> [Membership] {
    asked.of == current ? asked.for : []
  }
}

// MARK: - Every now and then

extension World {
  /// Operators see what stands still, and do something about it.
  func operate() throws(Violation) {
    if case .over = phase { return }
    queue.add(.operate, at: now + scenario.tick * 5)
    noteFounding()
    switchOffRemoved()
    guard let leader, let life = leader.life, life.freeAt <= now else { return }
    let membership = life.node.membership
    if membership.isJoint {
      if !membership.leavesAutomatically {
        try give(.change(ConfigurationChange(steps: [])), to: leader, life)
      }
      return
    }
    if let change = nextChange(life, membership) {
      say("operators ask replica \(leader.id) for \(change.steps)")
      if let after = try? membership.applying(change) {
        operators.note(after, askedOf: ledger.membership)
      }
      try give(.change(change), to: leader, life)
    }
  }

  private func noteFounding() {
    guard !isFounded else { return }
    isFounded = replicas.allSatisfy { replica in
      // What a disk is still busy with may be gone after a crash.
      replica.life.map { $0.freeAt <= now && $0.node.status.isIntroduced } ?? false
    }
  }

  /// Who was removed is switched off once everyone has applied it: until then one of the members
  /// may still need its vote.
  private func switchOffRemoved() {
    let members = ledger.membership
    for replica in replicas where isLost(replica.id) && !replica.hasBeenMember {
      switchOff(replica)
    }
    guard !members.isJoint else { return }
    let haveAllApplied = members.members.allSatisfy { replica($0).life?.node.membership == members }
    guard haveAllApplied else { return }
    for replica in replicas where !replica.isRetired && !members.contains(replica.id) {
      if replica.hasBeenMember { switchOff(replica) }
    }
  }

  private func switchOff(_ replica: Replica<Machine>) {
    guard !replica.isRetired else { return }
    say("replica \(replica.id) is switched off")
    situations.note(.replacement, if: isLost(replica.id))
    crash(replica, .everything)
    replica.isRetired = true
    budget.release(replica.id)
    operators.leaving.remove(replica.id)
  }

  /// Whether a replica must be replaced: its disk cannot be opened, or others do not know it.
  func isLost(_ id: ReplicaID) -> Bool {
    let replica = replica(id)
    guard !replica.isBeyondRepair, let life = replica.life else { return replica.isBeyondRepair }
    // A founder that nobody introduces any more has begun anew after the group was founded.
    return life.isRefused || isFounded && replica.wipes > 0 && !life.node.status.isIntroduced
  }

  /// One step towards as many whole voters as there shall be.
  private func nextChange(
    _ life: Life<Machine>, _ membership: Membership
  ) -> ConfigurationChange? {
    for member in membership.members { replica(member).hasBeenMember = true }
    let candidates = [
      removalOfLost(membership), promotion(life, membership), addition(membership),
      removalOfLeaving(membership),
    ]
    return candidates.lazy.compactMap { $0 }.first { change in
      guard let after = try? membership.applying(change) else { return false }
      return budget.allows(after)
    }
  }

  private func removalOfLost(_ membership: Membership) -> ConfigurationChange? {
    membership.members.first { isLost($0) }.map { ConfigurationChange(steps: [.remove($0)]) }
  }

  /// A learner that has caught up votes; where one shall leave, it takes that one's place.
  private func promotion(
    _ life: Life<Machine>, _ membership: Membership
  ) -> ConfigurationChange? {
    let core = life.node.core
    let status = core.status
    let ready = status.members.first { member in
      member.isLearner && member.match >= core.committed && !isLost(member.replica)
        && !operators.leaving.contains(member.replica)
    }
    guard let learner = ready?.replica else { return nil }
    if membership.voters.count < operators.target {
      return ConfigurationChange(steps: [.addVoter(learner)])
    }
    guard let leaving = membership.voters.first(where: { operators.leaving.contains($0) })
    else { return nil }
    let transition = operatorChance.one(
      of: [ConfigurationChange.Transition.automatic, .implicit, .explicit])
    return ConfigurationChange(
      transition: transition, steps: [.addVoter(learner), .remove(leaving)])
  }

  private func addition(_ membership: Membership) -> ConfigurationChange? {
    let wanted = operators.target + operators.leaving.count { membership.isVoter($0) }
    let present = membership.members.filter { !isLost($0) }
    guard present.count < min(wanted, Self.mostReplicas) else { return nil }
    let waiting = replicas.first { !$0.isRetired && !$0.hasBeenMember && !isLost($0.id) }
    guard let newcomer = waiting else {
      let fresh = addReplica(ReplicaID(UInt64(replicas.count) + 1), .join)
      for other in replicas {
        if let life = other.life { introduce(fresh.id, to: life) }
      }
      scheduleRestart(of: fresh, within: .milliseconds(200))
      return nil
    }
    guard newcomer.life != nil else { return nil }
    return ConfigurationChange(steps: [.addLearner(newcomer.id)])
  }

  /// One that was taken in when there should be more voters, or before its turn came another left.
  private func idleLearner(_ membership: Membership) -> ReplicaID? {
    guard membership.voters.count >= operators.target,
      !membership.voters.contains(where: { operators.leaving.contains($0) })
    else { return nil }
    return membership.learners.last
  }

  /// Where no newcomer has to take its place first, or none can.
  private func removalOfLeaving(_ membership: Membership) -> ConfigurationChange? {
    let canSpare =
      membership.voters.count > operators.target || membership.members.count >= Self.mostReplicas
    // Learners first: the last voter cannot go.
    let leaving = (membership.learners + membership.allVoters).first {
      operators.leaving.contains($0) && (canSpare || !membership.isVoter($0))
    }
    let surplus = membership.voters.count > operators.target ? membership.voters.last : nil
    return (leaving ?? surplus ?? idleLearner(membership))
      .map { ConfigurationChange(steps: [.remove($0)]) }
  }
}

// MARK: - For no reason

extension World {
  /// What operators do in the midst of everything.
  func unsettle(_ kind: FaultKind) throws(Violation) {
    switch kind {
    case .compaction:
      let living = replicas.compactMap { replica in replica.life.map { (replica, $0) } }
      guard !living.isEmpty else { return }
      let (victim, life) = chance(of: kind) { $0.one(of: living) }
      situations.note(kind)
      try give(.compact, to: victim, life)
    case .transfer:
      guard let leader, let life = leader.life else { return }
      let target = chance(of: kind) { $0.one(of: life.node.membership.members + [leader.id]) }
      situations.note(kind)
      say("operators hand the leadership of replica \(leader.id) to \(target)")
      try give(.transfer(to: target), to: leader, life)
    default:
      unsettleMembers()
    }
  }

  private func unsettleMembers() {
    let members = ledger.membership.members
    guard isFounded, !members.isEmpty else { return }
    situations.note(.membership)
    switch chance(of: .membership, { $0.below(4) }) {
    case 0:
      // Another number of voters.
      operators.target = chance(of: .membership) { $0.number(in: 1...Self.mostReplicas) }
      say("operators want \(operators.target) voters")
      let surplus = members.count - operators.target
      for member in members.suffix(max(0, surplus)) { operators.leaving.insert(member) }
    default:
      let leaving = chance(of: .membership) { $0.one(of: members) }
      guard operators.leaving.count < 2 else { return }
      say("operators want replica \(leaving) to leave")
      operators.leaving.insert(leaving)
    }
  }
}
