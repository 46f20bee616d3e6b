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
