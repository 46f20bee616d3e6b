package import AionModel

/// Two majorities that must agree (Raft §6); the outgoing one is empty unless a change is under
/// way.
package struct JointQuorum: Hashable, Sendable {
  package let incoming: Majority
  package let outgoing: Majority

  package init(incoming: Majority, outgoing: Majority) {
    self.incoming = incoming
    self.outgoing = outgoing
  }

  /// What both majorities have reached.
  package func committed(_ matched: (ReplicaID) -> LogIndex?) -> LogIndex? {
    switch (incoming.committed(matched), outgoing.committed(matched)) {
    case (let left?, let right?): min(left, right)
    case (let one?, nil), (nil, let one?): one
    case (nil, nil): nil
    }
  }

  package func result(_ vote: (ReplicaID) -> Bool?) -> VoteResult {
    switch (incoming.result(vote), outgoing.result(vote)) {
    case (.won, .won): .won
    case (.lost, _), (_, .lost): .lost
    default: .pending
    }
  }
}
