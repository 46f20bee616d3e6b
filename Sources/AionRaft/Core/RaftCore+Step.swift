import AionModel

extension RaftCore {
  /// Takes one input. What follows from it comes with the next output.
  public mutating func step(_ input: Input) throws(RaftRefusal) {
    switch input {
    case .tick: tick()
    case .message(let message): try receive(message)
    case .propose(let proposals): try propose(proposals)
    case .proposeConfiguration(let change): try propose([Proposal(.configuration(change))])
    case .campaign: try campaignNow()
    case .readIndex(let read): try requestRead(read)
    case .transferLeadership(let target): try requestTransfer(to: target)
    case .forgetLeader: try forgetLeader()
    case .unreachable(let replica): handleUnreachable(replica)
    case .lost(let replica): handleLost(replica)
    case .snapshotStatus(let replica, let delivered):
      handleSnapshotStatus(replica, delivered: delivered)
    }
  }

  private mutating func tick() {
    ticksSinceContact += 1
    if isLeader {
      tickAsLeader()
      return leaveJointIfDue()
    }
    if isElectable, ticksSinceContact >= electionTimeout {
      ticksSinceContact = 0
      try? campaignNow()
    }
  }

  private mutating func tickAsLeader() {
    let isHeartbeatDue = updateLeader { [options] leader in
      leader.ticksSinceHeartbeat += 1
      return leader.ticksSinceHeartbeat >= options.heartbeatTicks
    }
    if ticksSinceContact >= options.electionTicks {
      ticksSinceContact = 0
      if options.checkQuorum { checkQuorum() }
      updateLeader { $0.transfer = nil }
    }
    guard isLeader, isHeartbeatDue == true else { return }
    updateLeader { $0.ticksSinceHeartbeat = 0 }
    broadcastHeartbeat()
  }

  private mutating func receive(_ message: Message) throws(RaftRefusal) {
    guard message.to == id else { throw .notAddressee(message.to) }
    guard message.from.rawValue > 0 else { throw .malformedMessage("no sender") }
    if message.isReply, !membership.contains(message.from) {
      throw .unknownReplica(message.from)
    }
    if let complaint = message.complaint { throw .malformedMessage(complaint) }
    guard try observeTerm(of: message) else { return }
    switch message.body {
    case .vote(_, let last, let committed, _):
      answerVote(message.from, last: last, committed: committed)
    case .preVote(let term, let last, let committed):
      answerPreVote(message.from, term: term, last: last, committed: committed)
    case .voteReply(_, let answer): take(answer, of: message.from, isPreVote: false)
    case .preVoteReply(_, let answer): take(answer, of: message.from, isPreVote: true)
    case .append, .heartbeat, .snapshot: try follow(message)
    case .appendReply(_, let result): try handleAppendReply(from: message.from, result)
    case .heartbeatReply(_, let round): handleHeartbeatReply(from: message.from, round: round)
    case .timeoutNow: takeOver()
    case .propose(let proposals): try propose(proposals, for: message.from)
    case .transferLeadership(_, let target): try requestTransfer(to: target)
    case .readIndex(let read): try requestRead(read, for: message.from)
    case .readIndexReply(_, let read, let index): takeRead(read, at: index)
    }
  }

  /// Raft §5.1: a higher term makes a follower, a lower one is refused. Tells whether the message
  /// is to be handled.
  private mutating func observeTerm(of message: Message) throws(RaftRefusal) -> Bool {
    guard let other = message.term, other != term else { return true }
    guard other > term else {
      answerOldTerm(message)
      return false
    }
    switch message.body {
    case .vote(_, _, _, isTransfer: true): break
    case .vote, .preVote: if isInLease { return false }
    default: break
    }
    switch message.body {
    case .preVote, .preVoteReply(_, .granted): break
    case .append, .heartbeat, .snapshot: becomeFollower(in: other, of: message.from)
    case .vote: followLater(term: other)
    case .voteReply(_, .refused) where roleName == .candidate:
      // Somebody stands in later and later terms without asking this one, which hears of each when
      // it is refused in it, and would always stand one too late.
      becomeFollower(in: other, of: nil)
      hastenElection()
    default: becomeFollower(in: other, of: nil)
    }
    return true
  }

  /// The new term of one who wants votes. What it puts off is the granting of a vote alone (Raft
  /// §5.2): else a candidate that nobody can vote for, with a clock that is fast, keeps those from
  /// standing who could win.
  private mutating func followLater(term: Term) {
    let waited = isLeader ? 0 : ticksSinceContact
    becomeFollower(in: term, of: nil)
    ticksSinceContact = waited
  }

  /// A sender of an old term that must learn of the new one: without an answer, a leader that was
  /// cut off and a replica whose term ran ahead would never find together (etcd raft, Step). Who
  /// may stand and need not ask before tells it by standing, but only to those that it knows as
  /// voters: a replica that lags may have another leader than it can know of.
  private mutating func answerOldTerm(_ message: Message) {
    let willHear = isElectable && membership.isVoter(message.from)
    switch message.body {
    case .append, .heartbeat:
      guard options.checkQuorum || options.preVote || !willHear else { return }
      sendAfterSync(.appendReply(term, .matched(.zero)), to: message.from)
    case .vote:
      if !willHear { sendAfterSync(.voteReply(term, refusal), to: message.from) }
    case .preVote: sendAfterSync(.preVoteReply(term, refusal), to: message.from)
    case .preVoteReply(_, .refused(let committed)), .voteReply(_, .refused(let committed)):
      // What is committed is so for ever, whatever has become of the term (Docs/Decisions/0008).
      learn(committed: committed)
    default: break
    }
  }

  /// A follower hears from the leader of its term; a candidate has lost against it.
  private mutating func follow(_ message: Message) throws(RaftRefusal) {
    switch role {
    case .leader: return
    case .candidate, .preCandidate: becomeFollower(in: term, of: message.from)
    case .follower:
      ticksSinceContact = 0
      takesOverWhenApplied = false
      if isHastened { drawElectionTimeout() }
      role = .follower(leader: message.from)
    }
    switch message.body {
    case .append(_, let previous, let entries, let commit):
      try handleAppend(message.from, previous: previous, entries: entries, commit: commit)
    case .heartbeat(_, let commit, let round):
      try handleHeartbeat(message.from, commit: commit, round: round)
    case .snapshot(_, let metadata): handleSnapshot(message.from, metadata)
    default: break
    }
  }

  mutating func send(_ body: Message.Body, to replica: ReplicaID) {
    messages.append(Message(from: id, to: replica, body))
  }

  /// For what rests on the term, the vote or entries that may not be durable yet.
  mutating func sendAfterSync(_ body: Message.Body, to replica: ReplicaID) {
    messagesAfterSync.append(Message(from: id, to: replica, body))
  }
}
