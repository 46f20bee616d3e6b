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

  /// Until then a leader does not know how far its predecessors had committed.
  var hasCommittedInTerm: Bool { log.entries.term(at: log.committed) == term }
}
