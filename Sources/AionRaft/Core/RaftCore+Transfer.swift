import AionModel

// Leadership transfer: thesis §3.10.

extension RaftCore {
  mutating func requestTransfer(to target: ReplicaID) throws(RaftRefusal) {
    switch role {
    case .preCandidate, .candidate, .follower(leader: nil): throw .noLeader(term)
    case .follower(let leader?): send(.transferLeadership(term, to: target), to: leader)
    case .leader(let leader): try startTransfer(to: target, leader)
    }
  }

  /// Proposals are refused until the target leads or an election timeout has passed. A second
  /// target replaces the first.
  private mutating func startTransfer(
    to target: ReplicaID, _ leader: Leader
  ) throws(RaftRefusal) {
    guard let progress = leader.progress(of: target) else { throw .unknownReplica(target) }
    guard !progress.isLearner else { throw .transferToLearner(target) }
    guard leader.transfer != target else { throw .transferAlreadyRunning(to: target) }
    guard target != id else {
      updateLeader { $0.transfer = nil }
      throw .alreadyLeader
    }
    ticksSinceContact = 0
    updateLeader { $0.transfer = target }
    if progress.match == log.last.index {
      send(.timeoutNow(term), to: target)
    } else {
      sendAppend(to: target)
    }
  }

  /// The target has caught up.
  mutating func finishTransfer(to member: ReplicaID) {
    guard case .leader(let leader) = role, leader.transfer == member,
      leader.progress(of: member)?.match == log.last.index
    else { return }
    send(.timeoutNow(term), to: member)
  }

  /// The leader asks this replica to take over. Candidates stand already. A membership change that
  /// is still to be applied here, such as the one that removed the leader, comes first.
  mutating func takeOver() {
    guard case .follower = role else { return }
    do throws(RaftRefusal) {
      try campaign(.transfer)
    } catch {
      takesOverWhenApplied = error == .unappliedConfiguration
    }
  }

  mutating func takeOverIfDue() {
    guard takesOverWhenApplied else { return }
    takesOverWhenApplied = false
    takeOver()
  }
}
