import AionModel
import AionWire

/// The sessions of a snapshot while it is read, with the checks that make them possible ones.
struct SessionReading: Sendable {
  private var sessions = OrderedTree<SessionID, SessionRecord>.Builder()
  private var replies = OrderedTree<SessionReplyKey, SessionReply>.Builder()

  mutating func readSession(
    _ field: WireReader.Field, from reader: inout WireReader
  ) throws(WireError) -> SessionRecord {
    var nested = try reader.message(field)
    let session = try SessionRecord(from: &nested)
    guard sessions.append(session.id, session) else { throw reader.outOfRange(field) }
    return session
  }

  mutating func readReply(
    _ field: WireReader.Field, from reader: inout WireReader
  ) throws(WireError) -> SessionReply {
    var nested = try reader.message(field)
    let reply = try SessionReply(from: &nested)
    guard replies.append(reply.key, reply) else { throw reader.outOfRange(field) }
    return reply
  }

  mutating func finish(into snapshot: inout ClusterSnapshot) throws(WireError) {
    snapshot.sessionRecords = sessions.finish()
    snapshot.sessionReplies = replies.finish()
    for (_, session) in snapshot.sessionRecords.elements {
      snapshot.sessionUses.updateValue((), forKey: SessionUse(session))
    }
    for (key, reply) in snapshot.sessionReplies.elements {
      guard var session = snapshot.sessionRecords[key.session],
        key.sequence >= session.answeredBelow,
        key.sequence.rawValue - session.answeredBelow.rawValue < Limits.unansweredPerSession
      else { throw WireError(.valueOutOfRange(field: SnapshotField.sessionReply), at: 0) }
      session.keptLength += ByteCount(reply.encoded.count)
      snapshot.sessionRecords.updateValue(session, forKey: session.id)
    }
  }
}
