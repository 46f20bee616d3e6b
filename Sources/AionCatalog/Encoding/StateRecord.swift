package import AionWire

/// A record of the state: an element of one of the repeated fields of `aion.v1.SnapshotFile`.
package protocol StateRecord: Sendable {
  /// The field's number in `aion.v1.SnapshotFile`.
  static var field: UInt32 { get }
  /// Writes the fields of the message: equal records as equal bytes.
  func encode(into writer: inout WireWriter)
}

extension StateRecord {
  /// Tag, length and message: the bytes that stand in a snapshot and that the digest counts.
  package func encodeField(into writer: inout WireWriter) {
    writer.message(Self.field) { encode(into: &$0) }
  }

  /// Whether putting one in the place of the other changes nothing.
  ///
  /// Not the same as `==`: Swift holds strings equal that differ in bytes, by a table that depends
  /// on the version of Unicode, and replicas must agree.
  package func hasSameBytes(as other: Self) -> Bool {
    var own = WireWriter()
    encode(into: &own)
    var others = WireWriter()
    other.encode(into: &others)
    return own.bytes == others.bytes
  }
}

/// The fields of `aion.v1.SnapshotFile`, in the order in which they are written.
package enum SnapshotField {
  package static let counters: UInt32 = 1
  package static let database: UInt32 = 2
  package static let role: UInt32 = 3
  package static let node: UInt32 = 4
  package static let shard: UInt32 = 5
  package static let txn: UInt32 = 6
  package static let session: UInt32 = 7
  package static let sessionReply: UInt32 = 8
}
