public import AionModel

extension Membership {
  /// Why a change cannot be made to a membership.
  public enum ChangeError: Error, Hashable, Sendable {
    case alreadyJoint
    case notJoint
    case noVoterLeft
    /// More than one voter would change without a joint configuration in between.
    case tooManyVotersChanged
  }

  /// The membership after a change. Whether it passes through a joint configuration follows from
  /// the transition: `automatic` does when it has more than one step.
  public func applying(_ change: ConfigurationChange) throws(ChangeError) -> Membership {
    if change.leavesJoint { return try leavingJoint() }
    guard !isJoint else { throw .alreadyJoint }
    if change.transition == .automatic, change.steps.count == 1 {
      return try changingOneVoter(change.steps)
    }
    return try enteringJoint(change)
  }

  private func enteringJoint(_ change: ConfigurationChange) throws(ChangeError) -> Membership {
    guard !voters.isEmpty else { throw .noVoterLeft }
    var joint = self
    joint.outgoingVoters = voters
    for step in change.steps { joint.make(step) }
    joint.leavesAutomatically = change.transition != .explicit
    guard !joint.voters.isEmpty else { throw .noVoterLeft }
    return joint
  }

  private func leavingJoint() throws(ChangeError) -> Membership {
    guard isJoint else { throw .notJoint }
    return Membership(voters: voters, learners: learners + stagedLearners)
  }

  private func changingOneVoter(
    _ steps: [ConfigurationChange.Step]
  ) throws(ChangeError) -> Membership {
    var simple = self
    for step in steps { simple.make(step) }
    guard !simple.voters.isEmpty else { throw .noVoterLeft }
    let changed = Set(voters).symmetricDifference(simple.voters).count
    guard changed <= 1 else { throw .tooManyVotersChanged }
    return simple
  }

  private mutating func make(_ step: ConfigurationChange.Step) {
    switch step {
    case .addVoter(let replica):
      learners.removeAll { $0 == replica }
      stagedLearners.removeAll { $0 == replica }
      voters.insertInOrder(replica)
    case .addLearner(let replica):
      guard !learners.contains(replica) else { return }
      voters.removeAll { $0 == replica }
      // A replica is never voter and learner at once: an outgoing voter waits.
      if outgoingVoters.contains(replica) {
        stagedLearners.insertInOrder(replica)
      } else {
        learners.insertInOrder(replica)
      }
    case .remove(let replica):
      voters.removeAll { $0 == replica }
      learners.removeAll { $0 == replica }
      stagedLearners.removeAll { $0 == replica }
    case .update: break
    }
  }
}

extension Membership {
  /// Voters of either majority, in ascending order.
  public var allVoters: [ReplicaID] {
    guard isJoint else { return voters }
    var all = voters
    for voter in outgoingVoters { all.insertInOrder(voter) }
    return all
  }

  /// Voters and learners, in ascending order.
  public var members: [ReplicaID] {
    guard isJoint || !learners.isEmpty else { return voters }
    var all = allVoters
    for learner in learners { all.insertInOrder(learner) }
    return all
  }

  /// Whether a replica votes in either majority.
  public func isVoter(_ replica: ReplicaID) -> Bool {
    voters.contains(replica) || outgoingVoters.contains(replica)
  }

  /// Whether a replica is a voter or a learner.
  public func contains(_ replica: ReplicaID) -> Bool {
    isVoter(replica) || learners.contains(replica)
  }

  var quorum: JointQuorum {
    JointQuorum(
      incoming: Majority(voters: voters), outgoing: Majority(voters: outgoingVoters))
  }

  /// What a membership that was read from outside must fulfil.
  var isWellFormed: Bool {
    let lists = [voters, outgoingVoters, learners, stagedLearners]
    let areAscending = lists.allSatisfy { list in zip(list, list.dropFirst()).allSatisfy(<) }
    return areAscending && !members.contains(ReplicaID(0))
      && learners.allSatisfy { !isVoter($0) }
      && stagedLearners.allSatisfy { outgoingVoters.contains($0) && !voters.contains($0) }
      && (isJoint || !leavesAutomatically) && (!voters.isEmpty || !isJoint)
  }
}

extension [ReplicaID] {
  /// Keeps the ascending order; a member that is there stays once.
  fileprivate mutating func insertInOrder(_ replica: ReplicaID) {
    let place = firstIndex { $0 >= replica } ?? endIndex
    if place < endIndex, self[place] == replica { return }
    insert(replica, at: place)
  }
}
