package import AionModel
package import AionWire

/// The fields of a small message, looked up by number. Of a field that stands twice the last
/// counts.
package struct MessageFields {
  private let message: WireReader

  package init(_ message: WireReader) { self.message = message }

  private func last(
    _ number: UInt32
  ) throws(WireError) -> (field: WireReader.Field, reader: WireReader)? {
    var found: (WireReader.Field, WireReader)?
    var reader = message
    while let field = try reader.next() {
      if field.number == number { found = (field, reader) }
      try reader.skip(field)
    }
    return found
  }

  package func has(_ number: UInt32) throws(WireError) -> Bool { try last(number) != nil }

  package func number(_ number: UInt32) throws(WireError) -> UInt64 {
    guard let (field, start) = try last(number) else { return 0 }
    var reader = start
    return try reader.uint64(field)
  }

  package func count(_ number: UInt32) throws(WireError) -> Int {
    Int(clamping: try self.number(number))
  }

  package func number32(_ number: UInt32) throws(WireError) -> UInt32 {
    guard let (field, start) = try last(number) else { return 0 }
    var reader = start
    return try reader.uint32(field)
  }

  package func text(_ number: UInt32) throws(WireError) -> String {
    guard let (field, start) = try last(number) else { return "" }
    var reader = start
    return try reader.string(field)
  }

  package func node(_ number: UInt32) throws(WireError) -> NodeID {
    guard let (field, start) = try last(number) else { throw message.missing(number) }
    var reader = start
    guard let node = try? NodeID(try reader.string(field)) else { throw reader.outOfRange(field) }
    return node
  }

  package func shard(_ number: UInt32) throws(WireError) -> ShardKey {
    guard let (field, start) = try last(number) else { throw message.missing(number) }
    var reader = start
    return try ShardKey.read(field, from: &reader)
  }

  package func message(_ number: UInt32) throws(WireError) -> MessageFields? {
    guard let (field, start) = try last(number) else { return nil }
    var reader = start
    return MessageFields(try reader.message(field))
  }

  /// - Throws: `missingField` when there is none.
  package func required(_ number: UInt32) throws(WireError) -> MessageFields {
    guard let found = try message(number) else { throw message.missing(number) }
    return found
  }

  package func bytes(_ number: UInt32) throws(WireError) -> [UInt8] {
    guard let (field, start) = try last(number) else { return [] }
    var reader = start
    return try reader.bytes(field)
  }

  /// Every message of a repeated field.
  package func messages(_ number: UInt32) throws(WireError) -> [WireReader] {
    var found: [WireReader] = []
    var reader = message
    while let field = try reader.next() {
      if field.number == number {
        found.append(try reader.message(field))
      } else {
        try reader.skip(field)
      }
    }
    return found
  }

  package func placements(_ number: UInt32, of shard: ShardID) throws(WireError) -> [ShardPlacement]
  {
    var names = NodeNames()
    var placements: [ShardPlacement] = []
    for var message in try messages(number) {
      placements.append(try ShardPlacement(from: &message, of: shard, names: &names))
    }
    return placements
  }
}
