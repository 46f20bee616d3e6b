import AionModel

// Raft §5.3, the leader's side.

extension RaftCore {
  /// Makes proposals entries of the log, or passes them on.
  ///
  /// All or none are taken. Entries are decided once an entry of their index is applied; see
  /// `Acceptance`.
  @discardableResult
  public mutating func propose(_ proposals: [Proposal]) throws(RaftRefusal) -> Acceptance {
    try propose(proposals, for: id)
  }

  @discardableResult
  mutating func propose(
    _ proposals: [Proposal], for origin: ReplicaID
  ) throws(RaftRefusal) -> Acceptance {
    guard !proposals.isEmpty else { throw .emptyProposal }
    switch role {
    case .preCandidate, .candidate, .follower(leader: nil): throw .noLeader(term)
    case .follower(let leader?):
      guard options.forwardsProposals else { throw .notLeader(leader: leader) }
      messages.append(Message(from: origin, to: leader, .propose(proposals)))
      return .forwarded(to: leader)
    case .leader(let leader):
      guard leader.place(of: id) != nil else { throw .notMember }
      if let target = leader.transfer { throw .transferInProgress(to: target) }
    }
    return try proposeAsLeader(proposals)
  }

  private mutating func proposeAsLeader(
    _ proposals: [Proposal]
  ) throws(RaftRefusal) -> Acceptance {
    let size = RaftCore.size(of: proposals)
    try reserveQuota(size)
    let first = log.last.index.next
    let (checked, refused) = checkConfigurationChanges(proposals)
    if refused != nil {
      // A refused change has become an empty entry, which will release nothing.
      let surplus = size - RaftCore.size(of: checked)
      updateLeader { $0.uncommittedSize = $0.uncommittedSize - surplus }
    }
    append(checked)
    broadcastAppend()
    return .appended(term: term, indices: first..<log.last.index.next, refused: refused)
  }

  private static func size(of proposals: [Proposal]) -> ByteCount {
    proposals.reduce(into: ByteCount.zero) { $0 += $1.payload.size }
  }

  /// A proposal of any size is taken when nothing is uncommitted, and an empty one always: a leader
  /// must be able to begin its term and to leave a joint configuration.
  private mutating func reserveQuota(_ size: ByteCount) throws(RaftRefusal) {
    let limit = options.maximumUncommittedSize
    let present = updateLeader { leader -> ByteCount in leader.uncommittedSize } ?? .zero
    if present > .zero, size > .zero, present.bytes > limit.bytes - size.bytes {
      throw .busy(uncommitted: present, limit: limit)
    }
    updateLeader { $0.uncommittedSize += size }
  }

  mutating func releaseQuota(_ indices: Range<LogIndex>) {
    guard case .leader(let leader) = role, leader.uncommittedSize > .zero else { return }
    var size = ByteCount.zero
    for index in indices where index >= log.first { size += log.entries[index].payloadSize }
    updateLeader { $0.uncommittedSize = max(.zero, $0.uncommittedSize - size) }
  }

  mutating func append(_ proposals: [Proposal]) {
    var index = log.last.index
    for proposal in proposals {
      index = index.next
      log.append(
        Entry(
          index: index, term: term, proposedAt: proposal.proposedAt, payload: proposal.payload))
    }
    ownAcknowledgements.append(.append(term, index))
  }
}

// MARK: - Sending

extension RaftCore {
  mutating func broadcastAppend() {
    for follower in followers { sendAppend(to: follower) }
  }

  /// Sends what a follower lacks, or at least the commit index. With `unlessEmpty`, nothing rather
  /// than a message without entries. Tells whether something was sent.
  @discardableResult
  mutating func sendAppend(to follower: ReplicaID, unlessEmpty: Bool = false) -> Bool {
    guard let progress = progress(of: follower), !progress.isPaused else { return false }
    let previousIndex = progress.next.previous
    guard let previousTerm = log.entries.term(at: previousIndex) else {
      return sendSnapshot(to: follower)
    }
    let entries = entriesToSend(to: progress)
    if entries.isEmpty, unlessEmpty { return false }
    let size = entries.reduce(into: ByteCount.zero) { $0 += $1.payloadSize }
    let commit = log.committed
    updateProgress(of: follower) { [options] in
      $0.sent(entries: entries.count, size: size, commit: commit, options: options)
    }
    let previous = LogPosition(term: previousTerm, index: previousIndex)
    send(.append(term, previous: previous, entries: entries, commit: commit), to: follower)
    return true
  }

  /// With a full window nothing but an empty append goes, so that a follower whose whole window was
  /// lost says so (etcd 14633).
  private func entriesToSend(to progress: Progress) -> [Entry] {
    guard !progress.isWindowFull(options), progress.next <= log.last.index else { return [] }
    let missing = progress.next..<log.last.index.next
    return log.entries.entries(log.entries.page(missing, limit: options.maximumMessageSize))
  }

  mutating func broadcastHeartbeat() {
    broadcastHeartbeat(updateLeader { $0.reads.latestRound } ?? nil)
  }

  /// The commit index that goes along never exceeds what the follower has.
  mutating func broadcastHeartbeat(_ round: ReadRound?) {
    for follower in followers {
      guard let match = progress(of: follower)?.match else { continue }
      let commit = min(match, log.committed)
      send(.heartbeat(term, commit: commit, round: round), to: follower)
      updateProgress(of: follower) { $0.sentHeartbeat(commit: commit) }
    }
  }
}

// MARK: - Answers

extension RaftCore {
  mutating func handleAppendReply(
    from follower: ReplicaID, _ result: Message.AppendResult
  ) throws(RaftRefusal) {
    guard isLeader, progress(of: follower) != nil else { return }
    if case .matched(let index) = result, index > log.last.index {
      throw .malformedMessage("acknowledges \(index), last is \(log.last.index)")
    }
    updateProgress(of: follower) { $0.isActive = true }
    switch result {
    case .matched(let index): handleMatch(from: follower, through: index)
    case .rejected(let index, let hint, let hintTerm):
      handleRejection(from: follower, index: index, hint: hint, hintTerm: hintTerm)
    }
  }

  /// The follower's hint skips its own later terms; ours skips the leader's. Together a conflict
  /// costs at most one round per term (Raft §5.3, last paragraph).
  private mutating func handleRejection(
    from follower: ReplicaID, index: LogIndex, hint: LogIndex, hintTerm: Term?
  ) {
    // Not even the beginnings agree: the follower has none.
    if index == .zero, let known = progress(of: follower), known.match == .zero {
      if case .installing = known.phase { return }
      _ = sendSnapshot(to: follower)
      return
    }
    var hint = hint
    if let hintTerm { hint = log.agreement(with: hintTerm, at: hint).index }
    guard updateProgress(of: follower, { $0.reject(index, hint: hint) }) == true else { return }
    if progress(of: follower)?.inflights != nil { updateProgress(of: follower) { $0.probe() } }
    sendAppend(to: follower)
  }

  /// A member, this leader included, has everything up to an index.
  mutating func handleMatch(from member: ReplicaID, through index: LogIndex) {
    guard let before = progress(of: member) else { return }
    let isNews = updateProgress(of: member) { $0.acknowledge(index) } ?? false
    guard isNews || (before.match == index && before.phase == .probing) else { return }
    advancePhase(of: member, through: index)
    if advanceCommit() {
      releasePostponedReads()
      announceCommit()
    } else if member != id, progress(of: member)?.canUseCommit(log.committed) == true {
      announceCommit(to: member)
    }
    guard member != id else { return }
    while sendAppend(to: member, unlessEmpty: true) {}
    finishTransfer(to: member)
  }

  private mutating func advancePhase(of member: ReplicaID, through index: LogIndex) {
    let first = log.first
    updateProgress(of: member) { progress in
      switch progress.phase {
      case .probing: progress.replicate()
      // Whatever snapshot it was, the log can go on from there, or else needs a newer one.
      case .installing(let snapshot):
        if progress.match.next >= first {
          progress.replicate()
        } else if progress.match >= snapshot {
          progress.probe()
        }
      case .replicating: progress.release(through: index)
      }
    }
  }

  mutating func handleHeartbeatReply(from follower: ReplicaID, round: ReadRound?) {
    guard isLeader, progress(of: follower) != nil else { return }
    updateProgress(of: follower) {
      $0.isActive = true
      $0.isFlowPaused = false
    }
    if let progress = progress(of: follower),
      progress.match < log.last.index || progress.phase == .probing
    {
      sendAppend(to: follower)
    }
    if let round { confirm(round, by: follower) }
  }

  mutating func handleUnreachable(_ replica: ReplicaID) {
    guard progress(of: replica)?.inflights != nil else { return }
    updateProgress(of: replica) { $0.probe() }
  }
}
