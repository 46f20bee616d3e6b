import AionModel
package import AionRaft

extension RaftStatus {
  /// A line for each member, as its leader sees it.
  var progressText: String {
    members.map { "\($0.replica): \($0.transcriptText)\n" }.joined()
  }

  package var stateText: String {
    let voter = membership.isVoter(id) ? "(Voter)" : "(Non-Voter)"
    return "\(id): \(role.transcriptText) \(voter) Term:\(term) Lead:\(leader ?? ReplicaID(0))\n"
  }
}

extension RaftStatus.Member {
  var transcriptText: String {
    var text = "\(phase.transcriptText) match=\(match) next=\(next)"
    if isLearner { text += " learner" }
    if isPaused { text += " paused" }
    if case .installing(let snapshot) = phase { text += " pendingSnap=\(snapshot)" }
    if !isActive { text += " inactive" }
    if inflightMessages > 0 {
      text += " inflight=\(inflightMessages)" + (isWindowFull ? "[full]" : "")
    }
    return text
  }
}

extension RaftStatus.Phase {
  fileprivate var transcriptText: String {
    switch self {
    case .probing: "StateProbe"
    case .replicating: "StateReplicate"
    case .installing: "StateSnapshot"
    }
  }
}
