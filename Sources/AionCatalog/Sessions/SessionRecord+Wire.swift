// aion.v1.Session and aion.v1.SessionReply (Docs/schema/aion/v1/snapshot.proto), and
// aion.v1.SessionStamp (Docs/schema/aion/v1/command.proto)

import AionModel
package import AionWire

extension SessionRecord: StateRecord {
  package static var field: UInt32 { SnapshotField.session }

  package func encode(into writer: inout WireWriter) {
    writer.varint(1, id.rawValue)
    writer.varint(2, lastUsed.rawValue)
    writer.varint(3, answeredBelow.rawValue)
  }

  package init(from reader: inout WireReader) throws(WireError) {
    self.init(id: 0, lastUsed: 0, answeredBelow: 0)
    while let field = try reader.next() {
      switch field.number {
      case 1: id = SessionID(try reader.uint64(field))
      case 2: lastUsed = LogIndex(try reader.uint64(field))
      case 3: answeredBelow = SequenceNumber(try reader.uint64(field))
      default: try reader.skip(field)
      }
    }
    guard answeredBelow >= .first else { throw reader.missing(3) }
  }
}

extension SessionReply: StateRecord {
  package static var field: UInt32 { SnapshotField.sessionReply }

  package func encode(into writer: inout WireWriter) {
    writer.varint(1, key.session.rawValue)
    writer.varint(2, key.sequence.rawValue)
    writer.alwaysBytes(3, encoded)
  }

  /// - Throws: For an outcome that this version cannot read, too.
  package init(from reader: inout WireReader) throws(WireError) {
    key = SessionReplyKey(session: 0, sequence: 0)
    var outcome: [UInt8]?
    while let field = try reader.next() {
      switch field.number {
      case 1: key.session = SessionID(try reader.uint64(field))
      case 2: key.sequence = SequenceNumber(try reader.uint64(field))
      case 3:
        var ahead = reader
        outcome = try reader.bytes(field)
        var nested = try ahead.message(field)
        _ = try BatchOutcome(from: &nested)
      default: try reader.skip(field)
      }
    }
    guard let outcome else { throw reader.missing(3) }
    encoded = outcome
  }

  package init(_ outcome: BatchOutcome, key: SessionReplyKey) {
    self.key = key
    var writer = WireWriter(reservingCapacity: 32)
    outcome.encode(into: &writer, inWords: false)
    encoded = writer.take()
  }

  /// - Precondition: The bytes are ours, or were read before.
  package var outcome: BatchOutcome {
    do throws(WireError) {
      return try WireReader.reading(encoded) { reader throws(WireError) in
        try BatchOutcome(from: &reader)
      }
    } catch {
      preconditionFailure("outcome \(key.sequence) of session \(key.session): \(error)")
    }
  }
}

extension SessionStamp {
  func encode(into writer: inout WireWriter) {
    writer.varint(1, session.rawValue)
    writer.varint(2, sequence.rawValue)
    writer.varint(3, answeredBelow.rawValue)
  }

  init(from reader: inout WireReader) throws(WireError) {
    self.init(session: 0, sequence: 0, answeredBelow: 0)
    while let field = try reader.next() {
      switch field.number {
      case 1: session = SessionID(try reader.uint64(field))
      case 2: sequence = SequenceNumber(try reader.uint64(field))
      case 3: answeredBelow = SequenceNumber(try reader.uint64(field))
      default: try reader.skip(field)
      }
    }
  }
}
