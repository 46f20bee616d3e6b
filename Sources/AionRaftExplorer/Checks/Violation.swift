package import AionModel
package import AionRaft

/// A promise of Raft that was broken (Raft figure 3), or one of a replica to others.
package enum Violation: Error, Hashable, Sendable {
  // Election safety
  case twoLeaders(in: Term, first: ReplicaID, second: ReplicaID)
  case twoVotes(by: ReplicaID, in: Term, first: ReplicaID, second: ReplicaID)
  case termWentBack(ReplicaID, from: Term, to: Term)
  // Logs
  case logsDiffer(ReplicaID, ReplicaID, below: LogPosition)
  case leaderLacks(ReplicaID, in: Term, LogPosition, committedIn: Term)
  // Commit
  case commitWentBack(ReplicaID, from: LogIndex, to: LogIndex)
  case committedDiffers(ReplicaID, LogPosition, LogPosition)
  case committedWithoutLeader(ReplicaID, LogIndex)
  case committedOldTerm(LogPosition, by: ReplicaID, in: Term)
  case committedNotDurable(LogPosition, by: ReplicaID, in: Membership, held: [ReplicaID])
  // The state machine
  case appliesOutOfOrder(ReplicaID, after: LogIndex, LogPosition)
  case membershipDiffers(ReplicaID, at: LogIndex, found: Membership, expected: Membership)
  case staleRead(ReplicaID, ReadID, at: LogIndex, committedBefore: LogIndex)
  // One replica
  case complains(of: ReplicaID, String)
  case cannotRestart(ReplicaID, RaftStartError)
  case doesNotConverge(String)
}

extension Violation: CustomStringConvertible {
  package var description: String {
    switch self {
    case .twoLeaders(let term, let first, let second):
      "election safety: \(first) and \(second) lead in term \(term)"
    case .twoVotes(let voter, let term, let first, let second):
      "one vote per term: \(voter) voted for \(first) and \(second) in term \(term)"
    case .termWentBack(let replica, let from, let to):
      "monotonic term: \(replica) went from term \(from) to \(to)"
    case .logsDiffer(let one, let other, let position):
      "log matching: \(one) and \(other) both have \(position) and differ at or below it"
    case .leaderLacks(let leader, let term, let position, let committed):
      "leader completeness: \(leader) leads term \(term) without \(position), committed in term"
        + " \(committed)"
    default: restOfDescription
    }
  }

  private var restOfDescription: String {
    switch self {
    case .commitWentBack(let replica, let from, let to):
      "monotonic commit: \(replica) went from \(from) to \(to)"
    case .committedDiffers(let replica, let found, let expected):
      "state machine safety: \(replica) committed \(found) where \(expected) is committed"
    case .committedWithoutLeader(let replica, let index):
      "commit: \(replica) committed \(index) before any leader did"
    case .committedOldTerm(let position, let leader, let term):
      "commit: \(leader) counted \(position), which is not of its term \(term)"
    case .committedNotDurable(let position, let leader, let membership, let held):
      "durability: \(leader) committed \(position), durable on \(held) only, members are"
        + " \(membership)"
    case .appliesOutOfOrder(let replica, let last, let position):
      "state machine safety: \(replica) is told to apply \(position) after index \(last)"
    case .membershipDiffers(let replica, let index, let found, let expected):
      "membership: \(replica) has \(found) after \(index), not \(expected)"
    case .staleRead(let replica, let read, let index, let committed):
      "linearizable reads: \(replica) answers read \(read) at \(index), \(committed) was committed"
        + " before it was asked"
    case .complains(let replica, let complaint): "damage: \(replica) reports \(complaint)"
    case .cannotRestart(let replica, let error): "restart: \(replica) cannot start: \(error)"
    case .doesNotConverge(let state): "liveness: \(state)"
    default: ""
    }
  }
}
