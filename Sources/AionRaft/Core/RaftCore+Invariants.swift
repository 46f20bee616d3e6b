import AionModel

extension RaftCore {
  /// Stops with both values when something holds that cannot: a bug, never an input's fault.
  public func checkInvariants() {
    let last = log.last.index
    precondition(log.applied <= log.applying, "applied \(log.applied) passed \(log.applying)")
    precondition(
      log.applying <= log.committed, "applying \(log.applying) passed \(log.committed)")
    precondition(log.committed <= last, "committed \(log.committed) passed last \(last)")
    precondition(log.handedOut <= last, "handed out \(log.handedOut) passed last \(last)")
    precondition(
      log.entries.isEmpty || log.last.term <= term,
      "entry of term \(log.last.term) in term \(term)")
    precondition(membership.isWellFormed, "membership \(membership)")
    precondition(
      snapshot.position.index >= log.first.previous || log.first.previous == .zero,
      "snapshot \(snapshot.position) leaves a gap before \(log.first)")
    precondition(agreed <= last, "agreed \(agreed) passed last \(last)")
    checkRole()
  }

  private func checkRole() {
    switch role {
    case .follower: break
    case _ where isRecovering: preconditionFailure("recovering, and \(role.name)")
    case .preCandidate(let ballot):
      precondition(!ballot.granted.contains { ballot.refused.contains($0) }, "\(ballot)")
    case .candidate(let ballot):
      precondition(vote == id, "candidate voted for \(vote?.description ?? "nobody")")
      precondition(!ballot.granted.contains { ballot.refused.contains($0) }, "\(ballot)")
    case .leader(let leader):
      precondition(
        leader.progress.map(\.replica) == membership.members,
        "leader tracks \(leader.progress.map(\.replica)), members are \(membership.members)")
      for progress in leader.progress { check(progress) }
    }
  }

  private func check(_ progress: Progress) {
    let who = progress.replica
    precondition(
      progress.match < progress.next, "\(who): match \(progress.match), next \(progress.next)")
    precondition(
      progress.match <= log.last.index,
      "\(who): match \(progress.match) passed last \(log.last.index)")
    precondition(
      progress.next <= log.last.index.next,
      "\(who): next \(progress.next) passed last \(log.last.index)")
  }
}
