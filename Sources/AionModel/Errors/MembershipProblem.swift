/// Why the members of a group are not changed.
@frozen
public enum MembershipProblem: Hashable, Sendable {
  /// A change that was made before is not yet applied.
  case changeInProgress
  /// A joint configuration has to be left first.
  case isJoint
  /// There is no joint configuration to leave.
  case notJoint
  case noVoterLeft
  /// More than one voter would change without a joint configuration in between.
  case tooManyVotersChanged
  case notAMember(ReplicaID)
  case notAVoter(ReplicaID)
  /// Nothing was heard yet of a replica that is to vote, so that nobody could tell it from a
  /// stranger.
  case notIntroduced(ReplicaID)
  /// The id was a member's before; ids are never used again.
  case wasMember(ReplicaID)
  /// A learner that is to vote has entries up to `matched` only.
  case lagging(ReplicaID, matched: LogIndex, committed: LogIndex)

  public var message: String {
    switch self {
    case .changeInProgress: "another change is under way; retry later"
    case .isJoint: "a joint configuration is in force; leave it first"
    case .notJoint: "no joint configuration is in force; there is none to leave"
    case .noVoterLeft: "no voter would be left; add another one first"
    case .tooManyVotersChanged: "more than one voter would change; change them jointly"
    case .notAMember(let replica): "replica \(replica) is not a member; list the members"
    case .notAVoter(let replica): "replica \(replica) is not a voter; promote it first"
    case .notIntroduced(let replica):
      "replica \(replica) has not been heard of; start it, or add it as a learner first"
    case .wasMember(let replica): "the id \(replica) was used before; take a new one"
    case .lagging(let replica, let matched, let committed):
      "replica \(replica) has entries to \(matched) of \(committed); retry when it has caught up"
    }
  }
}
