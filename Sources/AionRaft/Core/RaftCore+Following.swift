import AionModel

// Raft §5.3, the follower's side.

extension RaftCore {
  /// An append that agrees with the log replaces what conflicts and never what agrees: it may be a
  /// late copy of one that was answered long ago.
  mutating func handleAppend(
    _ leader: ReplicaID, previous: LogPosition, entries: [Entry], commit: LogIndex
  ) throws(RaftRefusal) {
    guard previous.index >= log.committed else {
      try checkCommitted(previous, entries)
      return sendAfterSync(.appendReply(term, .matched(log.committed)), to: leader)
    }
    guard log.entries.matches(previous), !isBlank else { return reject(previous, of: leader) }
    if let new = log.firstNew(of: entries) {
      log.truncate(after: new.previous)
      agreed = min(agreed, new.previous)
      for entry in entries.dropFirst(previous.index.next.distance(to: new)) { log.append(entry) }
    }
    let last = previous.index.advanced(by: entries.count)
    if isRecovering { agreed = max(agreed, last) }
    log.commit(to: min(commit, last))
    sendAfterSync(.appendReply(term, .matched(last)), to: leader)
  }

  /// A replica that does not know the members its group began with cannot make sense of changes to
  /// them: it must begin with a snapshot.
  private var isBlank: Bool { membership == Membership() }

  /// What a leader has at or below the commit index is what is here. Otherwise one of the two disks
  /// lies, and acknowledging would let the difference grow.
  private func checkCommitted(
    _ previous: LogPosition, _ entries: [Entry]
  ) throws(RaftRefusal) {
    for position in CollectionOfOne(previous) + entries.map(\.position)
    where position.index <= log.committed {
      guard let own = log.entries.term(at: position.index), own != position.term else { continue }
      throw .conflictsWithCommitted(index: position.index, committed: log.committed)
    }
  }

  private mutating func reject(_ previous: LogPosition, of leader: ReplicaID) {
    let end = min(previous.index, log.last.index)
    let (hint, hintTerm) = log.agreement(with: previous.term, at: end)
    sendAfterSync(
      .appendReply(
        term, .rejected(index: previous.index, hint: hint, hintTerm: hintTerm)), to: leader)
  }

  /// A leader commits for a follower only what it knows the follower to have. When that is not
  /// here, the disk has lost it, and going on as if whole could undo what was committed.
  mutating func handleHeartbeat(
    _ leader: ReplicaID, commit: LogIndex, round: ReadRound?
  ) throws(RaftRefusal) {
    // It counts on what this replica had: only what it has shown to be here holds.
    let commit = isRecovering ? min(commit, agreed) : commit
    guard commit <= log.last.index else {
      throw .acknowledgedEntriesLost(last: log.last.index, leaderCounts: commit)
    }
    log.commit(to: commit)
    send(.heartbeatReply(term, round: round), to: leader)
  }
}
