// aion.v1.Command (Docs/schema/aion/v1/command.proto)

import AionModel
import AionWire

extension Command {
  func encode(into writer: inout WireWriter) {
    switch self {
    case .bootstrapDefault, .createDatabase, .dropDatabase, .renameDatabase, .setDatabaseOwner,
      .setDatabaseTablespace, .setDatabaseConnectionLimit, .setDatabaseAllowsConnections,
      .setDatabaseIsTemplate:
      encodeDatabaseCommand(into: &writer)
    case .upsertRole(let role): writer.message(10) { role.encode(into: &$0) }
    case .dropRole(let name): writer.message(11) { $0.string(1, name) }
    case .upsertNode(let node): writer.message(12) { node.encode(into: &$0) }
    case .markNode(let id, let live):
      writer.message(13) {
        $0.string(1, id.name)
        $0.bool(2, live)
      }
    case .removeNode(let id): writer.message(14) { $0.string(1, id.name) }
    case .setNodeDraining(let id, let draining):
      writer.message(24) {
        $0.string(1, id.name)
        $0.bool(2, draining)
      }
    case .registerNode, .expireNode: encodeAgentCommand(into: &writer)
    case .upsertShard(let shard): writer.message(15) { shard.encode(into: &$0) }
    case .removeShards(let table):
      writer.message(16) {
        $0.varint(1, table.database.rawValue)
        $0.varint(2, table.relation.rawValue)
      }
    case .updatePlacement(let key, let placements, let expected):
      writer.message(17) {
        encodePlacementUpdate(of: key, to: placements, expecting: expected, into: &$0)
      }
    case .transferLeadership(let key, let node):
      writer.message(18) {
        key.encode(into: &$0)
        $0.string(4, node.name)
      }
    case .beginTxn, .allocateReadSnapshot, .prepareTxn, .decideTxn, .forgetTxn:
      encodeTransactionCommand(into: &writer)
    case .openSession: writer.message(25) { _ in }
    case .closeSession(let session): writer.message(26) { $0.varint(1, session.rawValue) }
    }
  }

  private func encodeDatabaseCommand(into writer: inout WireWriter) {
    switch self {
    case .bootstrapDefault(let owner): writer.message(1) { $0.string(1, owner) }
    case .createDatabase(let request, let createdAt):
      writer.message(2) { request.encode(createdAt: createdAt, into: &$0) }
    case .dropDatabase(let id): writer.message(3) { $0.varint(1, id.rawValue) }
    case .renameDatabase(let id, let name): encode(4, id, into: &writer) { $0.string(2, name) }
    case .setDatabaseOwner(let id, let owner):
      encode(5, id, into: &writer) { $0.string(2, owner) }
    case .setDatabaseTablespace(let id, let tablespace):
      encode(6, id, into: &writer) { nested in
        if let tablespace { nested.alwaysVarint(2, UInt64(tablespace.rawValue)) }
      }
    case .setDatabaseConnectionLimit(let id, let limit):
      encode(7, id, into: &writer) { nested in
        if let limit { nested.alwaysVarint(2, UInt64(limit)) }
      }
    case .setDatabaseAllowsConnections(let id, let allowed):
      encode(8, id, into: &writer) { $0.bool(2, allowed) }
    case .setDatabaseIsTemplate(let id, let isTemplate):
      encode(9, id, into: &writer) { $0.bool(2, isTemplate) }
    default: break
    }
  }

  private func encodeAgentCommand(into writer: inout WireWriter) {
    switch self {
    case .registerNode(let id, let endpoint, let agent, let timeToLive, let renewing):
      writer.message(27) {
        $0.string(1, id.name)
        $0.string(2, endpoint)
        $0.varint(3, agent.rawValue)
        $0.varint(4, timeToLive.milliseconds)
        if let renewing { $0.alwaysVarint(5, renewing.rawValue) }
      }
    case .expireNode(let id, let registration):
      writer.message(28) {
        $0.string(1, id.name)
        $0.varint(2, registration.rawValue)
      }
    default: break
    }
  }

  private func encodeTransactionCommand(into writer: inout WireWriter) {
    switch self {
    case .beginTxn(let scope): writer.message(19) { scope.encode(into: &$0) }
    case .allocateReadSnapshot(let shards):
      writer.message(20) { nested in
        for key in shards { nested.message(1) { key.encode(into: &$0) } }
      }
    case .prepareTxn(let txn, let participants):
      writer.message(21) { nested in
        nested.varint(1, txn.rawValue)
        for participant in participants { nested.message(2) { participant.encode(into: &$0) } }
      }
    case .decideTxn(let txn, let decision):
      writer.message(22) {
        $0.varint(1, txn.rawValue)
        $0.varint(2, UInt32(decision.rawValue))
      }
    case .forgetTxn(let txn): writer.message(23) { $0.varint(1, txn.rawValue) }
    default: break
    }
  }

  private func encode(
    _ field: UInt32, _ id: DatabaseID, into writer: inout WireWriter,
    _ rest: (inout WireWriter) -> Void
  ) {
    writer.message(field) {
      $0.varint(1, id.rawValue)
      rest(&$0)
    }
  }
}

private func encodePlacementUpdate(
  of key: ShardKey, to placements: [ShardPlacement], expecting expected: [ShardPlacement]?,
  into writer: inout WireWriter
) {
  key.encode(into: &writer)
  for placement in placements {
    writer.message(4) { placement.encode(into: &$0, of: key.shard) }
  }
  guard let expected else { return }
  writer.message(5) { nested in
    for placement in expected {
      nested.message(4) { placement.encode(into: &$0, of: key.shard) }
    }
  }
}

extension CreateDatabaseRequest {
  fileprivate func encode(createdAt: WallTime, into writer: inout WireWriter) {
    writer.string(2, name)
    writer.string(3, owner)
    writer.string(4, encoding)
    writer.string(5, collate)
    writer.string(6, ctype)
    if let tablespace { writer.alwaysVarint(7, UInt64(tablespace.rawValue)) }
    if let connectionLimit { writer.alwaysVarint(8, UInt64(connectionLimit)) }
    writer.bool(9, isTemplate)
    writer.bool(10, allowsConnections)
    writer.sint(11, createdAt.nanosecondsSince1970)
    if let template { writer.alwaysString(12, template) }
  }
}
