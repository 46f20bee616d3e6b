public import AionModel
public import AionRaft

/// A change of the members that someone waits for.
struct PendingMembership {
  var id: SubmissionID
  var position: LogPosition
}

extension Node {
  /// Changes who belongs to the group: learners, voters, several at once by way of a joint
  /// configuration. The reply comes in `Effects.membershipReplies`, with the members, once the
  /// change is applied here; one that leaves its joint configuration by itself, once that is left.
  ///
  /// A replica is added as a learner first: a voter must be known by its incarnation before it
  /// counts, and is once the leader has heard of it (`notIntroduced`).
  ///
  /// - Parameter now: The proposer's wall clock; the entry carries it for people.
  public mutating func changeMembership(
    _ change: ConfigurationChange, _ id: SubmissionID, at now: WallTime,
    effects: inout Effects<Machine>
  ) {
    do throws(ClusterError) {
      try propose(change, id, at: now, effects: &effects)
    } catch {
      effects.membershipReplies.append(Reply(id: id, outcome: .failure(error)))
    }
    advance(effects: &effects)
  }

  private mutating func propose(
    _ change: ConfigurationChange, _ id: SubmissionID, at now: WallTime,
    effects: inout Effects<Machine>
  ) throws(ClusterError) {
    try requireWritable(effects: &effects)
    guard raft.roleName == .leader else { throw notLeader }
    guard pendingMembership == nil else { throw .membershipRefused(.changeInProgress) }
    try requireKnown(change)
    let acceptance: Acceptance
    do throws(RaftRefusal) {
      acceptance = try raft.propose([Proposal(.configuration(change), proposedAt: now)])
    } catch {
      throw refusal(error)
    }
    guard case .appended(let term, let indices, let refused) = acceptance else { throw notLeader }
    if let refused { throw .membershipRefused(MembershipProblem(refused)) }
    pendingMembership = PendingMembership(
      id: id, position: LogPosition(term: term, index: indices.lowerBound))
  }

  mutating func answerMembershipChange(effects: inout Effects<Machine>) {
    guard let change = pendingMembership, change.position.index <= applied,
      !raft.membership.leavesAutomatically
    else { return }
    pendingMembership = nil
    let wasApplied = raft.term(at: change.position.index).map { $0 == change.position.term }
    let outcome: Result<Membership, ClusterError> =
      switch wasApplied {
      case true?: .success(raft.membership)
      case false?: .failure(notLeader)
      case nil: .failure(.outcomeUnknown)
      }
    effects.membershipReplies.append(Reply(id: change.id, outcome: outcome))
  }

  mutating func noteMembership(effects: inout Effects<Machine>) {
    effects.membership = raft.membership
  }
}

extension MembershipProblem {
  fileprivate init(_ refusal: ConfigurationRefusal) {
    self =
      switch refusal {
      case .unapplied: .changeInProgress
      case .mustLeaveJointFirst, .impossible(.alreadyJoint): .isJoint
      case .notJoint, .impossible(.notJoint): .notJoint
      case .impossible(.noVoterLeft): .noVoterLeft
      case .impossible(.tooManyVotersChanged): .tooManyVotersChanged
      }
  }
}
