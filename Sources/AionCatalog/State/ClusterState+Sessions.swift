import AionModel

// Exactly once (Docs/Semantics.md, "Sessions"; Docs/Decisions/0010-exactly-once.md).

extension ClusterState {
  /// Applies a batch the first time that its sequence comes, and answers alike every other time.
  mutating func applyOnce(
    _ batch: CommandBatch, _ stamp: SessionStamp, at index: LogIndex
  ) -> BatchOutcome {
    effects = Effects()
    let used: SessionRecord
    do throws(ClusterError) {
      let session = try requireOpen(stamp)
      if let reply = snapshot.sessionReplies[stamp.replyKey] { return reply.outcome }
      used = try use(session, by: stamp, at: index)
    } catch {
      return .failure(error)
    }
    put(used)
    let outcome = applyAnew(batch, at: index)
    // It may have closed its own session.
    if let session = snapshot.sessionRecords[stamp.session] {
      keep(SessionReply(outcome, key: stamp.replyKey), in: session)
    }
    effects.changedRecords = true
    return outcome
  }

  mutating func openSession(at index: LogIndex) -> CommandOutcome {
    while snapshot.sessionRecords.count >= Limits.sessions, let oldest = snapshot.sessionUses.first
    {
      closeSession(oldest.key.session)
    }
    let id = SessionID(snapshot.lastSessionID.rawValue + 1)
    snapshot.lastSessionID = id
    put(SessionRecord(id: id, lastUsed: index))
    return .opened(id)
  }

  /// Closing one that is not open changes nothing.
  mutating func closeSession(_ id: SessionID) {
    guard let session = snapshot.sessionRecords[id] else { return }
    forgetReplies(of: id, through: SequenceNumber(.max))
    remove(session)
  }

  private func requireOpen(_ stamp: SessionStamp) throws(ClusterError) -> SessionRecord {
    guard let session = snapshot.sessionRecords[stamp.session] else {
      throw .sessionExpired(stamp.session)
    }
    guard stamp.sequence >= session.answeredBelow else {
      throw .sequenceAnswered(
        stamp.session, stamp.sequence, answeredBelow: session.answeredBelow)
    }
    return session
  }

  /// Forgets what the stamp says was answered, and makes sure that there is room for one outcome
  /// more. What it refuses is not kept: the client may send the same sequence again.
  private mutating func use(
    _ session: SessionRecord, by stamp: SessionStamp, at index: LogIndex
  ) throws(ClusterError) -> SessionRecord {
    let answeredBelow = max(session.answeredBelow, min(stamp.answeredBelow, stamp.sequence))
    let ahead = stamp.sequence.rawValue - answeredBelow.rawValue
    guard ahead < Limits.unansweredPerSession else {
      throw .limitExceeded(
        .unansweredPerSession, asked: Int(clamping: ahead + 1),
        allowed: Limits.unansweredPerSession)
    }
    // Sequences begin at 1, so this has one before it.
    let lastAnswered = SequenceNumber(answeredBelow.rawValue - 1)
    try requireRoom(in: session, without: lastAnswered)
    var used = session
    used.lastUsed = index
    if answeredBelow > session.answeredBelow {
      used.answeredBelow = answeredBelow
      used.keptLength -= forgetReplies(of: session.id, through: lastAnswered)
    }
    return used
  }

  /// Looks at the outcomes only where it matters what those take that are forgotten now.
  private func requireRoom(
    in session: SessionRecord, without last: SequenceNumber
  ) throws(ClusterError) {
    let limit = Limits.unansweredOutcomesLength
    guard session.keptLength >= limit else { return }
    let freed = snapshot.replies(of: session.id, through: last).reduce(ByteCount.zero) {
      $0 + ByteCount($1.value.encoded.count)
    }
    let kept = session.keptLength - freed
    guard kept >= limit else { return }
    throw .limitExceeded(.unansweredOutcomesLength, asked: kept.bytes, allowed: limit.bytes)
  }
}

extension SessionStamp {
  var replyKey: SessionReplyKey { SessionReplyKey(session: session, sequence: sequence) }
}
