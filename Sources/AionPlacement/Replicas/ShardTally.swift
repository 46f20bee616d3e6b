/// The replicas of one shard, counted.
struct ShardTally {
  var voters = 0
  var liveVoters = 0
  var learners = 0
  var leaders = 0
  /// The number of the leader's node.
  var leader = -1
  var isLeaderLive = false
  /// One leader, no node twice, within the limit. A planner leaves any other shard alone.
  var isWellFormed = true

  var downVoters: Int { voters - liveVoters }

  var hasLiveQuorum: Bool { liveVoters >= quorum(of: voters) && voters > 0 }

  mutating func count(_ replica: Replica, isLive: Bool) {
    guard replica.isVoting else {
      learners += 1
      return
    }
    voters += 1
    if isLive { liveVoters += 1 }
    guard replica.isLeader else { return }
    leaders += 1
    leader = replica.node
    isLeaderLive = isLive
  }
}

/// Voters that make a majority.
func quorum(of voters: Int) -> Int { voters / 2 + 1 }
