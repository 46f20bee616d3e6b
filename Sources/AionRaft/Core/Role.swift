import AionModel

/// What a replica is, with what only that role has to remember.
enum Role: Hashable, Sendable {
  case follower(leader: ReplicaID?)
  case preCandidate(Ballot)
  case candidate(Ballot)
  case leader(Leader)

  var name: RoleName {
    switch self {
    case .follower: .follower
    case .preCandidate: .preCandidate
    case .candidate: .candidate
    case .leader: .leader
    }
  }
}

/// What a replica is.
public enum RoleName: Hashable, Sendable {
  case follower
  case preCandidate
  case candidate
  case leader
}

/// The votes of one election. Of each voter the first answer counts.
struct Ballot: Hashable, Sendable {
  private(set) var granted: [ReplicaID] = []
  private(set) var refused: [ReplicaID] = []

  mutating func record(_ voter: ReplicaID, granted isGranted: Bool) {
    guard answer(of: voter) == nil else { return }
    if isGranted {
      granted.insert(voter, at: granted.firstIndex { $0 > voter } ?? granted.endIndex)
    } else {
      refused.insert(voter, at: refused.firstIndex { $0 > voter } ?? refused.endIndex)
    }
  }

  func answer(of voter: ReplicaID) -> Bool? {
    if granted.contains(voter) { return true }
    return refused.contains(voter) ? false : nil
  }
}

/// What a leader remembers (Raft figure 2, "volatile state on leaders").
struct Leader: Hashable, Sendable {
  /// One for each member, this one included, by ascending id.
  var progress: [Progress]
  var ticksSinceHeartbeat = 0
  var transfer: ReplicaID?
  /// At or above the index of the newest membership change in the log: until it is applied, no
  /// other is taken.
  var pendingConfiguration: LogIndex
  var uncommittedSize = ByteCount.zero
  var reads = ReadQueue()

  func place(of replica: ReplicaID) -> Int? { progress.firstIndex { $0.replica == replica } }

  func progress(of replica: ReplicaID) -> Progress? { progress.first { $0.replica == replica } }
}
