// aion.v1.Command (Docs/schema/aion/v1/command.proto)

import AionModel
import AionWire

extension Command {
  /// A command that this version does not know is an error: a replica that passed over it would
  /// drift away from the others.
  init(from reader: inout WireReader, names: inout NodeNames) throws(WireError) {
    var command: Command?
    var unknown: WireReader.Field?
    while let field = try reader.next() {
      guard Self.fields.contains(field.number) else {
        unknown = field
        try reader.skip(field)
        continue
      }
      var nested = try reader.message(field)
      switch field.number {
      case 1...9: command = try Self.databaseCommand(field.number, from: &nested)
      case 10: command = .upsertRole(try ClusterRoleDescriptor(from: &nested))
      case 11: command = .dropRole(name: try Self.named(from: &nested))
      case 12: command = .upsertNode(try NodeDescriptor(from: &nested, names: &names))
      case 13, 14, 24: command = try Self.nodeCommand(field.number, from: &nested, names: &names)
      case 15: command = .upsertShard(try ShardDescriptor(from: &nested, names: &names))
      case 16: command = .removeShards(of: try TableKey(from: &nested))
      case 17: command = try Self.placementUpdate(from: &nested, names: &names)
      case 18: command = try Self.leadershipTransfer(from: &nested, names: &names)
      case 19: command = .beginTxn(try TxnScope(from: &nested, names: &names))
      case 20: command = .allocateReadSnapshot(try Self.shardKeys(from: &nested))
      case 21: command = try Self.prepareTxn(from: &nested, names: &names)
      case 22, 23: command = try Self.decision(field.number, from: &nested)
      case 25: command = .openSession
      case 26: command = .closeSession(try Self.session(from: &nested))
      case 27: command = try Self.registerNode(from: &nested, names: &names)
      default: command = try Self.expireNode(from: &nested, names: &names)
      }
    }
    guard let command else {
      throw unknown.map { reader.outOfRange($0) } ?? reader.missing(Self.fields.lowerBound)
    }
    self = command
  }

  private static let fields: ClosedRange<UInt32> = 1...28
}

// MARK: Databases and roles

extension Command {
  private static func databaseCommand(
    _ number: UInt32, from reader: inout WireReader
  ) throws(WireError) -> Command {
    switch number {
    case 1: return .bootstrapDefault(owner: try named(from: &reader))
    case 2: return try createDatabase(from: &reader)
    default: break
    }
    var id = DatabaseID(0)
    var name = ""
    var value: UInt32?
    while let field = try reader.next() {
      switch (field.number, number) {
      case (1, _): id = DatabaseID(try reader.uint32(field))
      case (2, 4...5): name = try reader.string(field)
      case (2, 6...9): value = try reader.uint32(field)
      default: try reader.skip(field)
      }
    }
    return switch number {
    case 3: .dropDatabase(id)
    case 4: .renameDatabase(id, to: name)
    case 5: .setDatabaseOwner(id, to: name)
    case 6: .setDatabaseTablespace(id, to: value.map { TablespaceID($0) })
    case 7: .setDatabaseConnectionLimit(id, to: value)
    case 8: .setDatabaseAllowsConnections(id, to: value ?? 0 != 0)
    default: .setDatabaseIsTemplate(id, to: value ?? 0 != 0)
    }
  }

  private static func createDatabase(from reader: inout WireReader) throws(WireError) -> Command {
    // The fields of a database, and the template's name beside them.
    var again = reader
    let database = try DatabaseDescriptor(from: &reader)
    var template: String?
    while let field = try again.next() {
      if field.number == 12 { template = try again.string(field) } else { try again.skip(field) }
    }
    let request = CreateDatabaseRequest(
      name: database.name, owner: database.owner, encoding: database.encoding,
      collate: database.collate, ctype: database.ctype, tablespace: database.tablespace,
      connectionLimit: database.connectionLimit, isTemplate: database.isTemplate,
      allowsConnections: database.allowsConnections, template: template)
    return .createDatabase(request, createdAt: database.createdAt)
  }

  private static func named(from reader: inout WireReader) throws(WireError) -> String {
    var name = ""
    while let field = try reader.next() {
      if field.number == 1 { name = try reader.string(field) } else { try reader.skip(field) }
    }
    return name
  }
}

// MARK: Nodes and shards

extension Command {
  private static func nodeCommand(
    _ number: UInt32, from reader: inout WireReader, names: inout NodeNames
  ) throws(WireError) -> Command {
    var id: NodeID?
    var value = false
    while let field = try reader.next() {
      switch field.number {
      case 1: id = try names.read(field, from: &reader)
      case 2: value = try reader.bool(field)
      default: try reader.skip(field)
      }
    }
    guard let id else { throw reader.missing(1) }
    return switch number {
    case 13: .markNode(id, live: value)
    case 14: .removeNode(id)
    default: .setNodeDraining(id, to: value)
    }
  }

  private static func registerNode(
    from reader: inout WireReader, names: inout NodeNames
  ) throws(WireError) -> Command {
    var id: NodeID?
    var endpoint = ""
    var agent = AgentID(0)
    var timeToLive: TimeToLive?
    var renewing: PlacementEpoch?
    while let field = try reader.next() {
      switch field.number {
      case 1: id = try names.read(field, from: &reader)
      case 2: endpoint = try reader.string(field)
      case 3: agent = AgentID(try reader.uint64(field))
      case 4: timeToLive = try TimeToLive(field, from: &reader)
      case 5: renewing = PlacementEpoch(try reader.uint64(field))
      default: try reader.skip(field)
      }
    }
    guard let id else { throw reader.missing(1) }
    guard let timeToLive else { throw reader.missing(4) }
    return .registerNode(
      id, rpcEndpoint: endpoint, agent: agent, timeToLive: timeToLive, renewing: renewing)
  }

  private static func expireNode(
    from reader: inout WireReader, names: inout NodeNames
  ) throws(WireError) -> Command {
    var id: NodeID?
    var registration = PlacementEpoch.zero
    while let field = try reader.next() {
      switch field.number {
      case 1: id = try names.read(field, from: &reader)
      case 2: registration = PlacementEpoch(try reader.uint64(field))
      default: try reader.skip(field)
      }
    }
    guard let id else { throw reader.missing(1) }
    return .expireNode(id, registration: registration)
  }

  private static func placementUpdate(
    from reader: inout WireReader, names: inout NodeNames
  ) throws(WireError) -> Command {
    var start = reader
    let key = try ShardKey(from: &reader)
    var placements: [ShardPlacement] = []
    var expected: [ShardPlacement]?
    while let field = try start.next() {
      switch field.number {
      case 4:
        var nested = try start.message(field)
        placements.append(try ShardPlacement(from: &nested, of: key.shard, names: &names))
      case 5:
        let nested = try start.message(field)
        expected = try placementList(from: nested, of: key.shard, names: &names)
      default: try start.skip(field)
      }
    }
    return .updatePlacement(key, to: placements, expecting: expected)
  }

  private static func placementList(
    from message: WireReader, of shard: ShardID, names: inout NodeNames
  ) throws(WireError) -> [ShardPlacement] {
    var reader = message
    var placements: [ShardPlacement] = []
    while let field = try reader.next() {
      guard field.number == 4 else {
        try reader.skip(field)
        continue
      }
      var nested = try reader.message(field)
      placements.append(try ShardPlacement(from: &nested, of: shard, names: &names))
    }
    return placements
  }

  private static func leadershipTransfer(
    from reader: inout WireReader, names: inout NodeNames
  ) throws(WireError) -> Command {
    var start = reader
    let key = try ShardKey(from: &reader)
    var node: NodeID?
    while let field = try start.next() {
      if field.number == 4 {
        node = try names.read(field, from: &start)
      } else {
        try start.skip(field)
      }
    }
    guard let node else { throw reader.missing(4) }
    return .transferLeadership(key, to: node)
  }
}

extension TableKey {
  fileprivate init(from reader: inout WireReader) throws(WireError) {
    self = try ShardKey(from: &reader).table
  }
}

// MARK: Transactions

extension Command {
  private static func shardKeys(from reader: inout WireReader) throws(WireError) -> [ShardKey] {
    var shards: [ShardKey] = []
    while let field = try reader.next() {
      if field.number == 1 {
        shards.append(try ShardKey.read(field, from: &reader))
      } else {
        try reader.skip(field)
      }
    }
    return shards
  }

  private static func prepareTxn(
    from reader: inout WireReader, names: inout NodeNames
  ) throws(WireError) -> Command {
    var txn = TxnID(0)
    var participants: [TxnParticipant] = []
    while let field = try reader.next() {
      switch field.number {
      case 1: txn = TxnID(try reader.uint64(field))
      case 2:
        var nested = try reader.message(field)
        participants.append(try TxnParticipant(from: &nested, names: &names))
      default: try reader.skip(field)
      }
    }
    return .prepareTxn(txn, participants: participants)
  }

  private static func decision(
    _ number: UInt32, from reader: inout WireReader
  ) throws(WireError) -> Command {
    var txn = TxnID(0)
    var decision: TxnDecision?
    while let field = try reader.next() {
      switch field.number {
      case 1: txn = TxnID(try reader.uint64(field))
      case 2 where number == 22:
        decision = UInt8(exactly: try reader.uint64(field)).flatMap(TxnDecision.init(rawValue:))
        if decision == nil { throw reader.outOfRange(field) }
      default: try reader.skip(field)
      }
    }
    guard number == 22 else { return .forgetTxn(txn) }
    guard let decision else { throw reader.missing(2) }
    return .decideTxn(txn, decision)
  }

  private static func session(from reader: inout WireReader) throws(WireError) -> SessionID {
    var session = SessionID(0)
    while let field = try reader.next() {
      if field.number == 1 {
        session = SessionID(try reader.uint64(field))
      } else {
        try reader.skip(field)
      }
    }
    return session
  }
}
