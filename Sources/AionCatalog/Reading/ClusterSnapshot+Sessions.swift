public import AionModel

extension ClusterSnapshot {
  /// The clients' sessions, in the order of their ids.
  public func sessions() -> [SessionRecord] { sessionRecords.elements.map(\.value) }

  /// The number of `sessions()`, counted without listing them; `Limits.sessions` at most.
  public var sessionCount: Int { sessionRecords.count }

  /// nil when it is unknown, closed, or made room for others.
  public func session(_ id: SessionID) -> SessionRecord? { sessionRecords[id] }

  /// What the session's writes came to whose answers its client may still ask for, in the order of
  /// their sequences.
  public func outcomes(
    of session: SessionID
  ) -> [(sequence: SequenceNumber, outcome: BatchOutcome)] {
    replies(of: session, through: SequenceNumber(.max)).map { ($0.key.sequence, $0.value.outcome) }
  }

  package func replies(
    of session: SessionID, through last: SequenceNumber
  ) -> OrderedTree<SessionReplyKey, SessionReply>.Elements {
    let keys = SessionReplyKey.all(of: session, through: last)
    return sessionReplies.elements(from: keys.lowerBound, through: keys.upperBound)
  }
}
