// aion.v1.ServiceStatus (Docs/schema/aion/v1/operation.proto)

import AionModel
package import AionWire

extension ServiceStatus: WireMessage {
  package func encode(into writer: inout WireWriter) {
    writer.encode(cluster, as: 1)
    writer.message(3) { replica.encode(into: &$0) }
    writer.varint(4, UInt64(role.rawValue))
    if let leader { writer.alwaysVarint(5, leader.rawValue) }
    writer.varint(6, term.rawValue)
    writer.varint(7, committed.rawValue)
    writer.varint(8, applied.rawValue)
    writer.varint(9, last.rawValue)
    writer.varint(10, snapshot.rawValue)
    writer.varint(11, catalogVersion.rawValue)
    writer.varint(12, placementEpoch.rawValue)
    writer.varint(13, UInt64(clamping: queuedWrites))
    writer.string(14, problem ?? "")
    for member in members { writer.message(15) { member.encode(into: &$0) } }
    writer.string(16, release)
    if let usedSpace { writer.alwaysVarint(17, UInt64(clamping: usedSpace.bytes)) }
    if let freeSpace { writer.alwaysVarint(18, UInt64(clamping: freeSpace.bytes)) }
  }

  package init(from reader: inout WireReader) throws(WireError) {
    var fields = ClusterFields()
    self.init(
      cluster: 0, replica: PeerIdentity(replica: 0, name: "", address: ""), role: .follower)
    while let field = try reader.next() {
      switch field.number {
      case 1, 2: try fields.read(field, from: &reader, first: 1)
      case 3:
        var nested = try reader.message(field)
        replica = try PeerIdentity(from: &nested)
      case 4:
        guard let known = Role(rawValue: UInt8(clamping: try reader.uint64(field)))
        else { throw reader.outOfRange(field) }
        role = known
      case 5: leader = ReplicaID(try reader.uint64(field))
      case 6: term = Term(try reader.uint64(field))
      case 7...10: try readIndex(field, from: &reader)
      case 11: catalogVersion = CatalogVersion(try reader.uint64(field))
      case 12: placementEpoch = PlacementEpoch(try reader.uint64(field))
      case 13: queuedWrites = Int(clamping: try reader.uint64(field))
      case 14: problem = try reader.string(field)
      case 15:
        var nested = try reader.message(field)
        members.append(try Member(from: &nested))
      case 16: release = try reader.string(field)
      case 17: usedSpace = ByteCount(Int(clamping: try reader.uint64(field)))
      case 18: freeSpace = ByteCount(Int(clamping: try reader.uint64(field)))
      default: try reader.skip(field)
      }
    }
    guard let cluster = fields.cluster else { throw reader.missing(1) }
    guard replica.replica != 0 else { throw reader.missing(3) }
    self.cluster = cluster
  }

  private mutating func readIndex(
    _ field: WireReader.Field, from reader: inout WireReader
  ) throws(WireError) {
    let index = LogIndex(try reader.uint64(field))
    switch field.number {
    case 7: committed = index
    case 8: applied = index
    case 9: last = index
    default: snapshot = index
    }
  }
}

extension ServiceStatus.Member {
  fileprivate func encode(into writer: inout WireWriter) {
    writer.message(1) { peer.encode(into: &$0) }
    writer.bool(2, votes)
    if let matched { writer.alwaysVarint(3, matched.rawValue) }
  }

  fileprivate init(from reader: inout WireReader) throws(WireError) {
    self.init(peer: PeerIdentity(replica: 0, name: "", address: ""), votes: false)
    while let field = try reader.next() {
      switch field.number {
      case 1:
        var nested = try reader.message(field)
        peer = try PeerIdentity(from: &nested)
      case 2: votes = try reader.bool(field)
      case 3: matched = LogIndex(try reader.uint64(field))
      default: try reader.skip(field)
      }
    }
    guard peer.replica != 0 else { throw reader.missing(1) }
  }
}
