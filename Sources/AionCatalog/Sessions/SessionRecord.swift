public import AionModel

/// What the state holds of a client's session, beside the outcomes of its unanswered writes.
public struct SessionRecord: Hashable, Sendable {
  public var id: SessionID
  /// The index of the newest entry that opened or used it; a duplicate does not use it.
  public var lastUsed: LogIndex
  /// Every sequence below was answered, and its outcome forgotten.
  public var answeredBelow: SequenceNumber
  /// How much the kept outcomes take. Derived from them, and never encoded.
  package var keptLength = ByteCount.zero

  package init(id: SessionID, lastUsed: LogIndex, answeredBelow: SequenceNumber = .first) {
    self.id = id
    self.lastUsed = lastUsed
    self.answeredBelow = answeredBelow
  }
}

/// The outcome of a write that its client may ask for again.
package struct SessionReply: Hashable, Sendable {
  package var key: SessionReplyKey
  /// An `aion.v1.BatchOutcome` without words. Bytes, because it is counted into digests and written
  /// to snapshots, and hardly ever looked at.
  package var encoded: [UInt8]
}

package struct SessionReplyKey: Hashable, Comparable, Sendable {
  package var session: SessionID
  package var sequence: SequenceNumber

  package init(session: SessionID, sequence: SequenceNumber) {
    self.session = session
    self.sequence = sequence
  }

  /// Those of one session, up to a sequence.
  package static func all(
    of session: SessionID, through last: SequenceNumber
  ) -> ClosedRange<SessionReplyKey> {
    let first = SessionReplyKey(session: session, sequence: 0)
    return first...SessionReplyKey(session: session, sequence: last)
  }

  package static func < (left: SessionReplyKey, right: SessionReplyKey) -> Bool {
    (left.session, left.sequence) < (right.session, right.sequence)
  }
}

/// Sessions in the order in which they are ended when there are too many.
package struct SessionUse: Hashable, Comparable, Sendable {
  let lastUsed: LogIndex
  let session: SessionID

  package init(_ record: SessionRecord) {
    lastUsed = record.lastUsed
    session = record.id
  }

  package static func < (left: SessionUse, right: SessionUse) -> Bool {
    (left.lastUsed, left.session) < (right.lastUsed, right.session)
  }
}
