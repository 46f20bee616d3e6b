// aion.v1.Node and NodeRegistration (Docs/schema/aion/v1/catalog.proto)

package import AionModel
package import AionWire

extension NodeDescriptor: StateRecord {
  package static var field: UInt32 { SnapshotField.node }

  package func encode(into writer: inout WireWriter) {
    writer.string(1, id.name)
    writer.string(2, rpcEndpoint)
    writer.bool(3, isLive)
    writer.bool(4, isDraining)
    if let registration { writer.message(5) { registration.encode(into: &$0) } }
  }

  package init(from reader: inout WireReader, names: inout NodeNames) throws(WireError) {
    var id: NodeID?
    var rpcEndpoint = ""
    var isLive = false
    var isDraining = false
    var registration: NodeRegistration?
    while let field = try reader.next() {
      switch field.number {
      case 1: id = try names.read(field, from: &reader)
      case 2: rpcEndpoint = try reader.string(field)
      case 3: isLive = try reader.bool(field)
      case 4: isDraining = try reader.bool(field)
      case 5:
        var nested = try reader.message(field)
        registration = try NodeRegistration(from: &nested)
      default: try reader.skip(field)
      }
    }
    guard let id else { throw reader.missing(1) }
    self.init(
      id: id, rpcEndpoint: rpcEndpoint, isLive: isLive, isDraining: isDraining,
      registration: registration)
  }
}

extension NodeRegistration {
  fileprivate func encode(into writer: inout WireWriter) {
    writer.varint(1, epoch.rawValue)
    writer.varint(2, agent.rawValue)
    writer.varint(3, timeToLive.milliseconds)
  }

  fileprivate init(from reader: inout WireReader) throws(WireError) {
    var epoch = PlacementEpoch.zero
    var agent = AgentID(0)
    var timeToLive: TimeToLive?
    while let field = try reader.next() {
      switch field.number {
      case 1: epoch = PlacementEpoch(try reader.uint64(field))
      case 2: agent = AgentID(try reader.uint64(field))
      case 3: timeToLive = try TimeToLive(field, from: &reader)
      default: try reader.skip(field)
      }
    }
    guard let timeToLive else { throw reader.missing(3) }
    self.init(epoch: epoch, agent: agent, timeToLive: timeToLive)
  }
}

extension TimeToLive {
  package init(
    _ field: WireReader.Field, from reader: inout WireReader
  ) throws(WireError) {
    guard let time = TimeToLive(milliseconds: try reader.uint32(field)) else {
      throw reader.outOfRange(field)
    }
    self = time
  }
}
