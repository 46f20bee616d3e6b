import AionModel

// Raft §5.2 and §5.4.1; PreVote and CheckQuorum: thesis §9.6 and §6.2.

extension RaftCore {
  enum Campaign {
    case preVote
    case vote
    /// Asked for by the leader itself: no question first, and leases do not hold it up.
    case transfer
  }

  mutating func campaignNow() throws(RaftRefusal) {
    try campaign(options.preVote ? .preVote : .vote)
  }

  mutating func campaign(_ kind: Campaign) throws(RaftRefusal) {
    guard !isLeader else { throw .alreadyLeader }
    guard isElectable else { throw .notElectable }
    guard !hasUnappliedConfiguration else { throw .unappliedConfiguration }
    guard term.rawValue < UInt64.max - 1 else { throw .termsExhausted }
    start(kind)
  }

  /// A change that is committed and not applied may have taken this replica's vote away.
  private var hasUnappliedConfiguration: Bool {
    log.hasConfiguration(in: log.applied.next..<log.committed.next)
  }

  private mutating func start(_ kind: Campaign) {
    if case .preVote = kind { becomePreCandidate() } else { becomeCandidate() }
    for voter in membership.allVoters {
      switch (kind, voter == id) {
      case (.preVote, true): ownAcknowledgements.append(.preVote(term.next))
      case (_, true): ownAcknowledgements.append(.vote(term))
      case (.preVote, false):
        send(.preVote(term.next, last: log.last, committed: log.committedPosition), to: voter)
      case (.vote, false): ask(voter, isTransfer: false)
      case (.transfer, false): ask(voter, isTransfer: true)
      }
    }
  }

  /// Leaves only after the sync: were it lost in a crash, this replica could stand again in the
  /// same term, with fewer entries, and be elected by votes that it was given before.
  private mutating func ask(_ voter: ReplicaID, isTransfer: Bool) {
    sendAfterSync(
      .vote(
        term, last: log.last, committed: log.committedPosition, isTransfer: isTransfer), to: voter)
  }

  mutating func take(_ answer: Message.VoteAnswer, of voter: ReplicaID, isPreVote: Bool) {
    count(voteOf: voter, granted: answer == .granted, isPreVote: isPreVote)
    if case .refused(let committed) = answer { learn(committed: committed) }
  }

  /// Counts a vote for this replica's present candidacy; late votes of another kind are nothing.
  mutating func count(voteOf voter: ReplicaID, granted: Bool, isPreVote: Bool) {
    switch (role, isPreVote) {
    case (.preCandidate(var ballot), true):
      ballot.record(voter, granted: granted)
      role = .preCandidate(ballot)
      switch membership.quorum.result(ballot.answer) {
      case .won: start(.vote)
      case .lost: becomeFollower(in: term, of: nil)
      case .pending: break
      }
    case (.candidate(var ballot), false):
      ballot.record(voter, granted: granted)
      role = .candidate(ballot)
      switch membership.quorum.result(ballot.answer) {
      case .won: becomeLeader()
      case .lost: becomeFollower(in: term, of: nil)
      case .pending: break
      }
    default: break
    }
  }
}

// MARK: - Voting

extension RaftCore {
  /// Hears from a leader that a quorum may still follow: others' campaigns are not answered.
  var isInLease: Bool {
    options.checkQuorum && leader != nil && ticksSinceContact < options.electionTicks
  }

  /// A learner votes too: it may have been promoted and not know it yet (etcd 10998).
  mutating func answerVote(
    _ candidate: ReplicaID, last: LogPosition, committed: LogPosition
  ) {
    guard !isRecovering else { return }
    let isFree = vote == candidate || (vote == nil && leader == nil)
    guard isFree, isUpToDate(last, against: log.last) else {
      sendAfterSync(.voteReply(term, refusal), to: candidate)
      return learn(committed: committed)
    }
    vote = candidate
    ticksSinceContact = 0
    sendAfterSync(.voteReply(term, .granted), to: candidate)
  }

  mutating func answerPreVote(
    _ candidate: ReplicaID, term asked: Term, last: LogPosition, committed: LogPosition
  ) {
    guard !isRecovering else { return }
    let isFree = vote == candidate || (vote == nil && leader == nil) || asked > term
    guard isFree, isUpToDate(last, against: log.last) else {
      sendAfterSync(.preVoteReply(term, refusal), to: candidate)
      return learn(committed: committed)
    }
    sendAfterSync(.preVoteReply(asked, .granted), to: candidate)
  }

  var refusal: Message.VoteAnswer { .refused(committed: log.committedPosition) }

  /// Raft §5.4.1: the later last term wins; with equal terms, the longer log wins.
  func isUpToDate(_ candidate: LogPosition, against own: LogPosition) -> Bool { candidate >= own }
}

// MARK: - Becoming

extension RaftCore {
  mutating func becomeFollower(in newTerm: Term, of leader: ReplicaID?) {
    enter(newTerm)
    role = .follower(leader: leader)
  }

  /// Changes neither term nor vote nor timeout.
  private mutating func becomePreCandidate() { role = .preCandidate(Ballot()) }

  private mutating func becomeCandidate() {
    enter(term.next)
    vote = id
    role = .candidate(Ballot())
  }

  private mutating func becomeLeader() {
    enter(term)
    let next = log.last.index.next
    let progress = membership.members.map { member in
      Progress(
        member, isLearner: membership.learners.contains(member),
        match: member == id ? log.last.index : .zero, next: next, isActive: member == id)
    }
    // The newest entry may be a change that is not applied: until all are, none is taken.
    role = .leader(Leader(progress: progress, pendingConfiguration: log.last.index))
    updateProgress(of: id) { $0.replicate() }
    append([Proposal(.empty)])
    broadcastAppend()
  }

  /// Begins a role: a vote lasts for its term, and the timeout is drawn anew.
  private mutating func enter(_ newTerm: Term) {
    if newTerm != term {
      term = newTerm
      vote = nil
    }
    ticksSinceContact = 0
    takesOverWhenApplied = false
    agreed = .zero
    drawElectionTimeout()
  }

  mutating func drawElectionTimeout() {
    isHastened = false
    electionTimeout = options.electionTicks
    if options.electionJitterTicks > 1 {
      electionTimeout += Int.random(in: 0..<options.electionJitterTicks, using: &chance)
    }
  }

  /// Replaces the timeout that was drawn, until the next change of role draws another.
  package mutating func setElectionTimeout(ticks: Int) { electionTimeout = ticks }

  /// A leader that hears of no quorum steps down, so that its clients look elsewhere.
  mutating func checkQuorum() {
    guard let leader = leaderState else { return }
    let result = membership.quorum.result { voter in leader.progress(of: voter)?.isActive }
    guard result == .won else { return becomeFollower(in: term, of: nil) }
    updateLeader { [id] leader in
      for place in leader.progress.indices where leader.progress[place].replica != id {
        leader.progress[place].isActive = false
      }
    }
  }

  /// Who has lost its leader need not wait for the whole timeout: it asks the others soon. Does the
  /// leader live, then they are in its lease and do not answer, so this takes both safeguards.
  mutating func handleLost(_ replica: ReplicaID) {
    handleUnreachable(replica)
    guard options.preVote, options.checkQuorum, options.readMode == .safe,
      case .follower(leader: .some(replica)) = role
    else { return }
    role = .follower(leader: nil)
    hastenElection()
  }

  /// Has this replica stand soon, unless it hears from a leader before.
  mutating func hastenElection() {
    let wait = Int.random(in: 1...max(1, options.electionTicks / 3), using: &chance)
    electionTimeout = min(electionTimeout, ticksSinceContact + wait)
    isHastened = true
  }

  /// Lets this follower vote before its timeout, while it still follows whoever leads.
  mutating func forgetLeader() throws(RaftRefusal) {
    guard case .follower = role else { return }
    guard options.readMode != .lease else { throw .leaseForbids }
    role = .follower(leader: nil)
  }
}
