// aion.v1.Shard, Placement and ShardKey (Docs/schema/aion/v1/catalog.proto)

package import AionModel
package import AionWire

extension ShardDescriptor: StateRecord {
  package static var field: UInt32 { SnapshotField.shard }

  package func encode(into writer: inout WireWriter) {
    writer.varint(1, key.database.rawValue)
    writer.varint(2, key.table.relation.rawValue)
    writer.varint(3, key.shard.rawValue)
    for placement in placements {
      writer.message(4) { placement.encode(into: &$0, of: key.shard) }
    }
  }

  package init(from reader: inout WireReader, names: inout NodeNames) throws(WireError) {
    // The placements are read last, when their number and the shard's are known.
    let start = reader
    var key = ShardKey(database: 0, relation: 0, shard: 0)
    var count = 0
    while let field = try reader.next() {
      switch field.number {
      case 1: key.table.database = DatabaseID(try reader.uint32(field))
      case 2: key.table.relation = RelationID(try reader.uint64(field))
      case 3: key.shard = ShardID(try reader.uint32(field))
      case 4:
        count += 1
        try reader.skip(field)
      default: try reader.skip(field)
      }
    }
    let placements = try [ShardPlacement](
      field: 4, of: start, count: count, shard: key.shard, names: &names)
    self.init(key: key, placements: placements)
  }
}

extension ShardPlacement {
  /// A placement goes without its shard's number, which stands around it; only one that is for
  /// another shard, and will be refused for it, says so.
  package func encode(into writer: inout WireWriter, of enclosing: ShardID) {
    writer.string(1, node.name)
    writer.varint(2, UInt32(role.rawValue))
    writer.varint(3, leaseEpoch.rawValue)
    if shard != enclosing { writer.alwaysVarint(4, UInt64(shard.rawValue)) }
  }

  package init(
    from reader: inout WireReader, of enclosing: ShardID, names: inout NodeNames
  ) throws(WireError) {
    var node: NodeID?
    var role: ReplicaRole?
    var leaseEpoch = PlacementEpoch.zero
    var shard = enclosing
    while let field = try reader.next() {
      switch field.number {
      case 1: node = try names.read(field, from: &reader)
      case 2:
        role = UInt8(exactly: try reader.uint64(field)).flatMap(ReplicaRole.init(rawValue:))
        if role == nil { throw reader.outOfRange(field) }
      case 3: leaseEpoch = PlacementEpoch(try reader.uint64(field))
      case 4: shard = ShardID(try reader.uint32(field))
      default: try reader.skip(field)
      }
    }
    guard let node else { throw reader.missing(1) }
    guard let role else { throw reader.missing(2) }
    self.init(shard: shard, node: node, role: role, leaseEpoch: leaseEpoch)
  }
}

extension [ShardPlacement] {
  /// The `count` placements of a repeated field, of a message that has been read through before.
  init(
    field number: UInt32, of message: WireReader, count: Int, shard: ShardID,
    names: inout NodeNames
  ) throws(WireError) {
    self.init()
    guard count > 0 else { return }
    reserveCapacity(count)
    var reader = message
    while let field = try reader.next() {
      guard field.number == number else {
        try reader.skip(field)
        continue
      }
      var nested = try reader.message(field)
      append(try ShardPlacement(from: &nested, of: shard, names: &names))
    }
  }
}

extension ShardKey {
  package func encode(into writer: inout WireWriter) {
    writer.varint(1, database.rawValue)
    writer.varint(2, table.relation.rawValue)
    writer.varint(3, shard.rawValue)
  }

  package init(from reader: inout WireReader) throws(WireError) {
    self.init(database: 0, relation: 0, shard: 0)
    while let field = try reader.next() {
      switch field.number {
      case 1: table.database = DatabaseID(try reader.uint32(field))
      case 2: table.relation = RelationID(try reader.uint64(field))
      case 3: shard = ShardID(try reader.uint32(field))
      default: try reader.skip(field)
      }
    }
  }

  /// The key in a nested message.
  static func read(
    _ field: WireReader.Field, from reader: inout WireReader
  ) throws(WireError) -> ShardKey {
    var nested = try reader.message(field)
    return try ShardKey(from: &nested)
  }
}
