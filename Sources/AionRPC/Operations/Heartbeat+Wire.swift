// aion.v1.Heartbeat and HeartbeatAnswer (Docs/schema/aion/v1/operation.proto)

import AionCatalog
package import AionModel
package import AionWire

extension Heartbeat: WireMessage {
  package func encode(into writer: inout WireWriter) {
    writer.string(1, node.name)
    writer.string(2, rpcEndpoint)
    writer.varint(3, agent.rawValue)
    writer.varint(4, timeToLive.milliseconds)
    if let registration { writer.alwaysVarint(5, registration.rawValue) }
    if let applied = progress.applied { writer.alwaysVarint(6, applied.rawValue) }
    for (shard, applied) in progress.reportedShards {
      writer.message(7) { nested in
        nested.message(1) { shard.encode(into: &$0) }
        nested.varint(2, applied.rawValue)
      }
    }
    writer.bool(8, isGoodbye)
  }

  package init(from reader: inout WireReader) throws(WireError) {
    var node: NodeID?
    var (endpoint, agent, isGoodbye) = ("", AgentID(0), false)
    var timeToLive: TimeToLive?
    var registration: PlacementEpoch?
    var progress = NodeProgress()
    var names = NodeNames()
    while let field = try reader.next() {
      switch field.number {
      case 1: node = try names.read(field, from: &reader)
      case 2: endpoint = try reader.string(field)
      case 3: agent = AgentID(try reader.uint64(field))
      case 4: timeToLive = try TimeToLive(field, from: &reader)
      case 5: registration = PlacementEpoch(try reader.uint64(field))
      case 6: progress.applied = ApplyPosition(try reader.uint64(field))
      case 7: try progress.read(field, from: &reader)
      case 8: isGoodbye = try reader.bool(field)
      default: try reader.skip(field)
      }
    }
    guard let node else { throw reader.missing(1) }
    guard let timeToLive else { throw reader.missing(4) }
    self.init(
      node: node, rpcEndpoint: endpoint, agent: agent, timeToLive: timeToLive,
      registration: registration, progress: progress, isGoodbye: isGoodbye)
  }
}

extension NodeProgress {
  fileprivate mutating func read(
    _ field: WireReader.Field, from reader: inout WireReader
  ) throws(WireError) {
    let fields = MessageFields(try reader.message(field))
    guard shards.count < Self.shardLimit else { throw reader.outOfRange(field) }
    shards[try fields.shard(1)] = ApplyPosition(try fields.number(2))
  }
}

extension HeartbeatAnswer: WireMessage {
  package func encode(into writer: inout WireWriter) {
    switch standing {
    case .live(let time): writer.alwaysVarint(1, UInt64(clamping: time.nanoseconds))
    case .departed: writer.bool(2, true)
    case .heldDown: writer.bool(3, true)
    case .superseded(let endpoint): writer.alwaysString(4, endpoint)
    case .removed: writer.bool(5, true)
    }
    if let registration { writer.alwaysVarint(6, registration.rawValue) }
    writer.bool(7, isDraining)
    writer.varint(8, catalogVersion.rawValue)
    writer.varint(9, placementEpoch.rawValue)
  }

  package init(from reader: inout WireReader) throws(WireError) {
    let fields = MessageFields(reader)
    guard let standing = try NodeStanding(fields) else { throw reader.missing(1) }
    while let field = try reader.next() { try reader.skip(field) }
    self.init(
      standing,
      registration: try fields.has(6) ? PlacementEpoch(try fields.number(6)) : nil,
      isDraining: try fields.number(7) != 0,
      catalogVersion: CatalogVersion(try fields.number(8)),
      placementEpoch: PlacementEpoch(try fields.number(9)))
  }
}

extension NodeStanding {
  fileprivate init?(_ fields: MessageFields) throws(WireError) {
    if try fields.has(1) {
      self = .live(for: .nanoseconds(Int64(clamping: try fields.number(1))))
    } else if try fields.has(2) {
      self = .departed
    } else if try fields.has(3) {
      self = .heldDown
    } else if try fields.has(4) {
      self = .superseded(rpcEndpoint: try fields.text(4))
    } else if try fields.has(5) {
      self = .removed
    } else {
      return nil
    }
  }
}
