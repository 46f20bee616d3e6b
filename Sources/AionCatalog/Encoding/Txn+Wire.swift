// aion.v1.Txn, TxnScope and TxnParticipant (Docs/schema/aion/v1/catalog.proto)

package import AionModel
package import AionWire

extension TxnRecord: StateRecord {
  package static var field: UInt32 { SnapshotField.txn }

  package func encode(into writer: inout WireWriter) {
    writer.varint(1, id.rawValue)
    writer.message(2) { scope.encode(into: &$0) }
    writer.varint(3, UInt32(status.rawValue))
    for participant in participants { writer.message(4) { participant.encode(into: &$0) } }
    if let decidedAt { writer.alwaysVarint(5, decidedAt.rawValue) }
  }

  package init(from reader: inout WireReader, names: inout NodeNames) throws(WireError) {
    var id = TxnID(0)
    var scope: TxnScope?
    var status: TxnRecordStatus?
    var participants: [TxnParticipant] = []
    var decidedAt: SnapshotTimestamp?
    while let field = try reader.next() {
      switch field.number {
      case 1: id = TxnID(try reader.uint64(field))
      case 2:
        var nested = try reader.message(field)
        scope = try TxnScope(from: &nested, names: &names)
      case 3:
        status = UInt8(exactly: try reader.uint64(field)).flatMap(TxnRecordStatus.init(rawValue:))
        if status == nil { throw reader.outOfRange(field) }
      case 4:
        var nested = try reader.message(field)
        participants.append(try TxnParticipant(from: &nested, names: &names))
      case 5: decidedAt = SnapshotTimestamp(try reader.uint64(field))
      default: try reader.skip(field)
      }
    }
    guard let scope else { throw reader.missing(2) }
    guard let status else { throw reader.missing(3) }
    guard (decidedAt != nil) == status.isDecided else { throw reader.missing(5) }
    self.init(
      id: id, scope: scope, status: status, participants: participants, decidedAt: decidedAt)
  }
}

extension TxnParticipant {
  package func encode(into writer: inout WireWriter) {
    writer.message(1) { shard.encode(into: &$0) }
    if let leader { writer.string(2, leader.name) }
  }

  package init(from reader: inout WireReader, names: inout NodeNames) throws(WireError) {
    var shard: ShardKey?
    var leader: NodeID?
    while let field = try reader.next() {
      switch field.number {
      case 1: shard = try ShardKey.read(field, from: &reader)
      case 2: leader = try names.read(field, from: &reader)
      default: try reader.skip(field)
      }
    }
    guard let shard else { throw reader.missing(1) }
    self.init(shard: shard, leader: leader)
  }
}

extension TxnScope {
  package func encode(into writer: inout WireWriter) {
    switch self {
    case .local: writer.message(1) { _ in }
    case .singleShard(let key): writer.message(2) { key.encode(into: &$0) }
    case .readOnlyMultiShard(let snapshot, let shards):
      writer.message(3) { nested in
        nested.varint(1, snapshot.rawValue)
        for key in shards { nested.message(2) { key.encode(into: &$0) } }
      }
    case .multiShardWrite(let coordinator, let shards):
      writer.message(4) { nested in
        nested.string(1, coordinator.name)
        for key in shards { nested.message(2) { key.encode(into: &$0) } }
      }
    }
  }

  package init(from reader: inout WireReader, names: inout NodeNames) throws(WireError) {
    var scope: TxnScope?
    while let field = try reader.next() {
      switch field.number {
      case 1:
        _ = try reader.message(field)
        scope = .local
      case 2: scope = .singleShard(try ShardKey.read(field, from: &reader))
      case 3:
        var nested = try reader.message(field)
        scope = try .init(readOnlyFrom: &nested)
      case 4:
        var nested = try reader.message(field)
        scope = try .init(writeFrom: &nested, names: &names)
      default: try reader.skip(field)
      }
    }
    guard let scope else { throw reader.missing(1) }
    self = scope
  }

  private init(readOnlyFrom reader: inout WireReader) throws(WireError) {
    var snapshot = SnapshotTimestamp(0)
    var shards: [ShardKey] = []
    while let field = try reader.next() {
      switch field.number {
      case 1: snapshot = SnapshotTimestamp(try reader.uint64(field))
      case 2: shards.append(try ShardKey.read(field, from: &reader))
      default: try reader.skip(field)
      }
    }
    self = .readOnlyMultiShard(snapshot: snapshot, shards: shards)
  }

  private init(
    writeFrom reader: inout WireReader, names: inout NodeNames
  ) throws(WireError) {
    var coordinator: NodeID?
    var shards: [ShardKey] = []
    while let field = try reader.next() {
      switch field.number {
      case 1: coordinator = try names.read(field, from: &reader)
      case 2: shards.append(try ShardKey.read(field, from: &reader))
      default: try reader.skip(field)
      }
    }
    guard let coordinator else { throw reader.missing(1) }
    self = .multiShardWrite(coordinator: coordinator, shards: shards)
  }
}
