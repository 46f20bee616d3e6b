package import AionModel

/// More than half of some voters (Raft §5.2, §5.3).
package struct Majority: Hashable, Sendable {
  package let voters: [ReplicaID]

  package init(voters: [ReplicaID]) { self.voters = voters }

  package var quorumSize: Int { voters.count / 2 + 1 }

  /// The highest index that more than half of the voters have reached.
  ///
  /// A voter of whom nothing is known has reached index 0. No voters at all hold nothing back:
  /// `nil`, so that an absent half of a joint configuration never decides.
  package func committed(_ matched: (ReplicaID) -> LogIndex?) -> LogIndex? {
    if voters.count == 1 { return matched(voters[0]) ?? .zero }
    guard !voters.isEmpty else { return nil }
    return withUnsafeTemporaryAllocation(of: LogIndex.self, capacity: voters.count) { sorted in
      for (count, voter) in voters.enumerated() {
        let index = matched(voter) ?? .zero
        var place = count
        while place > 0, sorted[place - 1] < index {
          sorted[place] = sorted[place - 1]
          place -= 1
        }
        sorted[place] = index
      }
      return sorted[quorumSize - 1]
    }
  }

  /// Voters that have not answered are `nil`. No voters at all have won.
  package func result(_ vote: (ReplicaID) -> Bool?) -> VoteResult {
    guard !voters.isEmpty else { return .won }
    var granted = 0
    var open = 0
    for voter in voters {
      switch vote(voter) {
      case true?: granted += 1
      case false?: break
      case nil: open += 1
      }
    }
    if granted >= quorumSize { return .won }
    return granted + open >= quorumSize ? .pending : .lost
  }
}
