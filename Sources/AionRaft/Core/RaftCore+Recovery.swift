public import AionModel

// A replica whose disk has lost what it promised (Docs/Decisions/0011-recovery.md). It takes
// entries and snapshots like any follower, so that it is repaired from the others. What it
// acknowledges meanwhile must not be counted by who does not know that it has begun anew: that is
// the caller's.

extension RaftCore {
  /// This replica has applied an entry that was committed without it and that tells of its loss:
  /// its log holds everything that it may ever have helped to commit, and whoever it helped to
  /// elect without knowing it any more has lost.
  public mutating func readmit() {
    isRecovering = false
    agreed = .zero
  }

  /// A member has lost its log: what it has acknowledged to this leader counts no more, and it is
  /// probed from the end.
  public mutating func forgetProgress(of member: ReplicaID) {
    guard member != id, progress(of: member) != nil else { return }
    let next = max(log.last.index, LogIndex(1))
    updateLeader { leader in
      if leader.transfer == member { leader.transfer = nil }
      guard let place = leader.place(of: member) else { return }
      leader.progress[place] = Progress(
        member, isLearner: leader.progress[place].isLearner, next: next, isActive: true)
    }
    sendAppend(to: member)
  }

  /// Another replica is in a later term: a leader of an earlier one cannot reach it.
  public mutating func observe(_ other: Term) {
    if other > term { becomeFollower(in: other, of: nil) }
  }
}
