import AionModel

// Raft §5.3 and §5.4.2.

extension RaftCore {
  /// Commits what a quorum has. Only entries of this term commit by being counted; those before
  /// them commit along with them (Raft figure 8). Tells whether something was committed.
  mutating func advanceCommit() -> Bool {
    guard case .leader(let leader) = role else { return false }
    let reached = membership.quorum.committed { leader.progress(of: $0)?.match }
    guard let reached, reached > log.committed, log.entries.term(at: reached) == term else {
      return false
    }
    log.commit(to: reached)
    return true
  }

  /// Something was committed; the others apply it once they know.
  mutating func announceCommit() {
    switch commitNews {
    case .toldAtOnce: broadcastAppend()
    case .putOff, .owed: commitNews = .owed
    }
  }

  /// A follower acknowledges later than others what is committed already.
  mutating func announceCommit(to follower: ReplicaID) {
    switch commitNews {
    case .toldAtOnce: sendAppend(to: follower)
    case .putOff, .owed: commitNews = .owed
    }
  }

  /// Has what is committed from now on told with the entries that are proposed next, instead of in
  /// messages of its own, until `tellCommit`. Heartbeats tell it all the same.
  public mutating func putOffTellingCommit() {
    if isLeader, commitNews == .toldAtOnce { commitNews = .putOff }
  }

  /// Tells what was put off to those who were sent no entries meanwhile.
  public mutating func tellCommit() {
    defer { commitNews = .toldAtOnce }
    guard commitNews == .owed, isLeader else { return }
    for follower in followers
    where progress(of: follower)?.canUseCommit(log.committed) == true {
      sendAppend(to: follower)
    }
  }

  /// Takes another replica's word for what is committed, as far as this log has it, when a
  /// membership change is among it: one that nobody hears of, for want of a leader, may be what
  /// keeps a leader from being elected (Docs/Decisions/0008). Other entries wait for a leader.
  mutating func learn(committed told: LogPosition) {
    guard !isLeader, told.index > log.committed, log.entries.matches(told),
      log.hasConfiguration(in: log.committed.next..<told.index.next)
    else { return }
    log.commit(to: told.index)
    switch role {
    case .preCandidate, .candidate: becomeFollower(in: term, of: nil)
    case .follower, .leader: break
    }
  }

  /// Until then a leader does not know how far its predecessors had committed.
  var hasCommittedInTerm: Bool { log.entries.term(at: log.committed) == term }
}

/// How a leader's followers hear of what was committed.
enum CommitNews: Hashable, Sendable {
  case toldAtOnce
  /// With the entries that are proposed next.
  case putOff
  /// The same, and there is something to tell.
  case owed
}
