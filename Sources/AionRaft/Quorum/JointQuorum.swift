import AionModel

/// Two majorities that must agree (Raft §6); the outgoing one is empty unless a change is under
/// way.
struct JointQuorum: Hashable, Sendable {
  let incoming: Majority
  let outgoing: Majority

  /// What both majorities have reached.
  func committed(_ matched: (ReplicaID) -> LogIndex?) -> LogIndex? {
    switch (incoming.committed(matched), outgoing.committed(matched)) {
    case (let left?, let right?): min(left, right)
    case (let one?, nil), (nil, let one?): one
    case (nil, nil): nil
    }
  }

  func result(_ vote: (ReplicaID) -> Bool?) -> VoteResult {
    switch (incoming.result(vote), outgoing.result(vote)) {
    case (.won, .won): .won
    case (.lost, _), (_, .lost): .lost
    default: .pending
    }
  }
}
