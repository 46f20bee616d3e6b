import AionModel

// Raft §6, thesis chapter 4. A change is in force from when it is applied, so a change that is
// rolled back never was.

extension RaftCore {
  /// A change that cannot be made now becomes an empty entry.
  mutating func checkConfigurationChanges(
    _ proposals: [Proposal]
  ) -> (checked: [Proposal], refused: ConfigurationRefusal?) {
    var checked = proposals
    var refused: ConfigurationRefusal?
    for (place, proposal) in proposals.enumerated() {
      guard case .configuration(let change) = proposal.payload else { continue }
      if options.checksConfigurationChanges, let refusal = refusal(of: change) {
        checked[place].payload = .empty
        refused = refusal
      } else {
        let index = log.last.index.advanced(by: place + 1)
        updateLeader { $0.pendingConfiguration = index }
      }
    }
    return (checked, refused)
  }

  private func refusal(of change: ConfigurationChange) -> ConfigurationRefusal? {
    guard case .leader(let leader) = role else { return nil }
    if leader.pendingConfiguration > log.applied { return .unapplied(leader.pendingConfiguration) }
    if membership.isJoint, !change.leavesJoint { return .mustLeaveJointFirst }
    if !membership.isJoint, change.leavesJoint { return .notJoint }
    do throws(Membership.ChangeError) {
      _ = try membership.applying(change)
      return nil
    } catch {
      return .impossible(error)
    }
  }

  /// A change that is impossible changes nothing, on every replica alike.
  mutating func apply(_ change: ConfigurationChange) {
    guard let changed = try? membership.applying(change) else { return }
    membership = changed
    guard isLeader else { return }
    adoptMembershipAsLeader()
  }

  private mutating func adoptMembershipAsLeader() {
    trackMembers()
    guard membership.isVoter(id) else { return leaveOffice() }
    if advanceCommit() {
      releasePostponedReads()
      broadcastAppend()
    } else {
      for follower in followers { sendAppend(to: follower, unlessEmpty: true) }
    }
    if let target = leaderState?.transfer, !membership.isVoter(target) {
      updateLeader { $0.transfer = nil }
    }
  }

  /// A new member counts as active, so that it is not what a quorum fails for before it could
  /// answer; it is probed from the end of the log.
  private mutating func trackMembers() {
    let (members, learners) = (membership.members, membership.learners)
    let next = max(log.last.index, LogIndex(1))
    updateLeader { leader in
      leader.progress = members.map { member in
        let isLearner = learners.contains(member)
        guard var known = leader.progress(of: member) else {
          return Progress(member, isLearner: isLearner, next: next, isActive: true)
        }
        known.isLearner = isLearner
        return known
      }
    }
  }

  /// This leader has been removed or demoted (Raft §6, last issue).
  private mutating func leaveOffice() {
    switch options.removedLeader {
    case .stays: return
    case .stepsDown: becomeFollower(in: term, of: nil)
    case .handsOver:
      let successor = mostUpToDateVoter
      becomeFollower(in: term, of: nil)
      if let successor { send(.timeoutNow(term), to: successor) }
    }
  }

  private var mostUpToDateVoter: ReplicaID? {
    guard case .leader(let leader) = role else { return nil }
    let voters = leader.progress.filter { $0.replica != id && membership.isVoter($0.replica) }
    return voters.max { ($0.match, $1.replica) < ($1.match, $0.replica) }?.replica
  }

  /// A leader leaves a joint configuration that asks for it as soon as it is applied. While the
  /// leadership is being transferred it cannot; then every tick tries again. What is being written
  /// comes first: its acknowledgement may commit more under this membership.
  mutating func leaveJointIfDue() {
    guard hasAppliedNews, outstanding.isEmpty, leaderState?.transfer == nil else { return }
    hasAppliedNews = false
    guard membership.leavesAutomatically, let leader = leaderState,
      log.applied >= leader.pendingConfiguration
    else { return }
    _ = try? propose([Proposal(.configuration(ConfigurationChange(steps: [])))])
  }
}
