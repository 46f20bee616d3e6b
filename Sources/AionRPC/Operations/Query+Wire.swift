// aion.v1.Query and ReadAnswer (Docs/schema/aion/v1/operation.proto)

import AionCatalog
import AionModel
package import AionWire

extension Query: WireMessage {
  package func encode(into writer: inout WireWriter) {
    switch self {
    case .versions: writer.alwaysVarint(1, 1)
    case .databases: writer.alwaysVarint(2, 1)
    case .database(let id): writer.alwaysVarint(3, UInt64(id.rawValue))
    case .databaseNamed(let name): writer.alwaysString(4, name)
    case .roles: writer.alwaysVarint(5, 1)
    case .roleNamed(let name): writer.alwaysString(6, name)
    case .nodes: writer.alwaysVarint(7, 1)
    case .liveNodes: writer.alwaysVarint(8, 1)
    case .node(let id): writer.alwaysString(9, id.name)
    case .shardsIn(let database): writer.alwaysVarint(10, UInt64(database.rawValue))
    case .shardsOf(let table): writer.message(11) { table.encode(into: &$0) }
    case .key(let reference): writer.message(12) { reference.encode(into: &$0) }
    case .resolveRead(let table): writer.message(13) { table.encode(into: &$0) }
    case .resolveWrite(let table, let key):
      writer.message(14) {
        $0.message(1) { table.encode(into: &$0) }
        $0.bytes(2, key)
      }
    case .leader(let reference): writer.message(15) { reference.encode(into: &$0) }
    case .lease(let reference): writer.message(16) { reference.encode(into: &$0) }
    case .transaction(let id): writer.alwaysVarint(17, id.rawValue)
    case .transactions: writer.alwaysVarint(18, 1)
    case .undecided: writer.alwaysVarint(19, 1)
    }
  }

  package init(from reader: inout WireReader) throws(WireError) {
    while let field = try reader.next() {
      guard let query = try Self.query(field, from: &reader) else {
        try reader.skip(field)
        continue
      }
      self = query
      return
    }
    throw reader.missing(1)
  }

  private static func query(
    _ field: WireReader.Field, from reader: inout WireReader
  ) throws(WireError) -> Query? {
    switch field.number {
    case 1, 2, 5, 7, 8, 18, 19:
      _ = try reader.bool(field)
      return listing(field.number)
    case 3: return .database(DatabaseID(try reader.uint32(field)))
    case 4: return .databaseNamed(try reader.string(field))
    case 6: return .roleNamed(try reader.string(field))
    case 9:
      guard let node = try? NodeID(try reader.string(field)) else { throw reader.outOfRange(field) }
      return .node(node)
    case 10: return .shardsIn(DatabaseID(try reader.uint32(field)))
    case 17: return .transaction(TxnID(try reader.uint64(field)))
    case 11...16: return try routing(field.number, MessageFields(try reader.message(field)))
    default: return nil
    }
  }

  private static func listing(_ number: UInt32) -> Query? {
    switch number {
    case 1: .versions
    case 2: .databases
    case 5: .roles
    case 7: .nodes
    case 8: .liveNodes
    case 18: .transactions
    case 19: .undecided
    default: nil
    }
  }

  private static func routing(
    _ number: UInt32, _ fields: MessageFields
  ) throws(WireError) -> Query? {
    switch number {
    case 11: .shardsOf(try TableKey(fields))
    case 12: .key(try ShardReference(fields))
    case 13: .resolveRead(try TableKey(fields))
    case 14: .resolveWrite(try TableKey(try fields.required(1)), key: try fields.bytes(2))
    case 15: .leader(try ShardReference(fields))
    case 16: .lease(try ShardReference(fields))
    default: nil
    }
  }
}

extension ReadAnswer: WireMessage {
  package func encode(into writer: inout WireWriter) {
    writer.varint(1, index.rawValue)
    writer.varint(2, catalogVersion.rawValue)
    writer.varint(3, placementEpoch.rawValue)
    for database in databases { writer.message(4) { database.encode(into: &$0) } }
    for role in roles { writer.message(5) { role.encode(into: &$0) } }
    for node in nodes { writer.message(6) { node.encode(into: &$0) } }
    for shard in shards { writer.message(7) { shard.encode(into: &$0) } }
    for txn in transactions { writer.message(8) { txn.encode(into: &$0) } }
    for leader in leaders {
      writer.message(9) {
        $0.varint(1, leader.shard.rawValue)
        $0.message(2) { leader.encode(into: &$0, of: leader.shard) }
      }
    }
    for lease in leases { writer.message(10) { lease.encode(into: &$0) } }
    for key in keys { writer.message(11) { key.encode(into: &$0) } }
  }

  package init(from reader: inout WireReader) throws(WireError) {
    self.init(index: 0, catalogVersion: 0, placementEpoch: 0)
    var names = NodeNames()
    while let field = try reader.next() {
      switch field.number {
      case 1: index = LogIndex(try reader.uint64(field))
      case 2: catalogVersion = CatalogVersion(try reader.uint64(field))
      case 3: placementEpoch = PlacementEpoch(try reader.uint64(field))
      case 4...11:
        var nested = try reader.message(field)
        try readRow(field.number, from: &nested, names: &names)
      default: try reader.skip(field)
      }
    }
  }

  private mutating func readRow(
    _ number: UInt32, from reader: inout WireReader, names: inout NodeNames
  ) throws(WireError) {
    switch number {
    case 4: databases.append(try DatabaseDescriptor(from: &reader))
    case 5: roles.append(try ClusterRoleDescriptor(from: &reader))
    case 6: nodes.append(try NodeDescriptor(from: &reader, names: &names))
    case 7: shards.append(try ShardDescriptor(from: &reader, names: &names))
    case 8: transactions.append(try TxnRecord(from: &reader, names: &names))
    case 9:
      let fields = MessageFields(reader)
      let shard = ShardID(try fields.number32(1))
      leaders += try fields.placements(2, of: shard)
    case 10: leases.append(try EpochLease(MessageFields(reader)))
    default: keys.append(try ShardKey(from: &reader))
    }
  }
}

extension EpochLease {
  fileprivate func encode(into writer: inout WireWriter) {
    writer.message(1) { shard.encode(into: &$0) }
    writer.string(2, leader.name)
    writer.varint(3, epoch.rawValue)
    if let expiresAfter { writer.alwaysVarint(4, UInt64(clamping: expiresAfter.nanoseconds)) }
  }

  fileprivate init(_ fields: MessageFields) throws(WireError) {
    self.init(
      shard: try fields.shard(1), leader: try fields.node(2),
      epoch: PlacementEpoch(try fields.number(3)),
      expiresAfter: try fields.has(4)
        ? .nanoseconds(Int64(clamping: try fields.number(4))) : nil)
  }
}

extension Duration {
  /// At most about 292 years.
  var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (whole, isTooLong) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    return isTooLong ? .max : whole + attoseconds / 1_000_000_000
  }
}
