// aion.v1.Hello, Welcome, HelloRefusal (Docs/schema/aion/v1/rpc.proto)

import AionModel
package import AionWire

/// What is said in one frame.
package protocol WireMessage {
  init(from reader: inout WireReader) throws(WireError)
  func encode(into writer: inout WireWriter)
}

extension WireMessage {
  package func encoded() -> [UInt8] {
    var writer = WireWriter(reservingCapacity: 128)
    encode(into: &writer)
    return writer.take()
  }

  package init(decoding bytes: [UInt8]) throws(WireError) {
    self = try WireReader.reading(bytes) { reader throws(WireError) in try Self(from: &reader) }
  }

  /// The payload of `frame`, whose kind is known.
  init(in frame: Frame) throws(FrameFault) {
    do throws(WireError) { self = try Self(decoding: frame.payload) } catch {
      throw .undecodable(frame.kind, error)
    }
  }
}

extension Hello: WireMessage {
  package func encode(into writer: inout WireWriter) {
    writer.encode(versions, as: 1)
    writer.encode(cluster, as: 3)
    if case .replica(let replica) = addressee { writer.alwaysVarint(5, replica.rawValue) }
    writer.varint(6, UInt64(frameLimit.bytes))
    switch caller {
    case .replica(let identity, let lane):
      writer.message(7) { identity.encode(into: &$0) }
      writer.varint(8, UInt64(lane.rawValue))
    case .client(let name, let token):
      writer.alwaysString(9, name)
      if let token { writer.alwaysString(10, token) }
    }
    if case .node(let node) = addressee { writer.string(11, node.name) }
  }

  package init(from reader: inout WireReader) throws(WireError) {
    var fields = ClusterFields()
    var versions = VersionFields()
    var addressee: Addressee?
    var frameLimit = ByteCount.zero
    var replica: PeerIdentity?
    var lane: Lane?
    var client: String?
    var token: String?
    while let field = try reader.next() {
      switch field.number {
      case 1, 2: try versions.read(field, from: &reader, first: 1)
      case 3, 4: try fields.read(field, from: &reader, first: 3)
      case 5: addressee = .replica(ReplicaID(try reader.uint64(field)))
      case 6: frameLimit = try reader.byteCount(field)
      case 7:
        var nested = try reader.message(field)
        replica = try PeerIdentity(from: &nested)
      case 8:
        lane = Lane(rawValue: UInt8(truncatingIfNeeded: try reader.uint32(field)))
        if lane == nil { throw reader.outOfRange(field) }
      case 9: client = try reader.string(field)
      case 10: token = try reader.string(field)
      case 11: addressee = .node(try reader.node(field))
      default: try reader.skip(field)
      }
    }
    let caller: Caller
    switch (replica, lane, client) {
    case (let replica?, let lane?, nil): caller = .replica(replica, lane)
    case (nil, nil, let client?): caller = .client(name: client, token: token)
    default: throw reader.missing(7)
    }
    self.init(
      versions: try versions.range(reader), cluster: fields.cluster, addressee: addressee,
      caller: caller, frameLimit: frameLimit)
  }
}

extension PeerIdentity: WireMessage {
  package func encode(into writer: inout WireWriter) {
    writer.varint(1, replica.rawValue)
    writer.string(2, name)
    writer.string(3, address)
  }

  package init(from reader: inout WireReader) throws(WireError) {
    self.init(replica: 0, name: "", address: "")
    while let field = try reader.next() {
      switch field.number {
      case 1: replica = ReplicaID(try reader.uint64(field))
      case 2: name = try reader.string(field)
      case 3: address = try reader.string(field)
      default: try reader.skip(field)
      }
    }
    if replica == 0 { throw reader.missing(1) }
  }
}

extension Welcome: WireMessage {
  package func encode(into writer: inout WireWriter) {
    writer.varint(1, version.rawValue)
    writer.encode(cluster, as: 2)
    if case .replica(let peer) = host { writer.message(4) { peer.encode(into: &$0) } }
    writer.varint(5, UInt64(role?.rawValue ?? 0))
    writer.varint(6, UInt64(frameLimit.bytes))
    for peer in peers { writer.message(7) { peer.encode(into: &$0) } }
    if case .node(let node) = host { writer.string(8, node.name) }
  }

  package init(from reader: inout WireReader) throws(WireError) {
    var fields = ClusterFields()
    var version: ProtocolVersion?
    var host: HostIdentity?
    var role: ClientRole?
    var frameLimit = ByteCount.zero
    var peers: [PeerIdentity] = []
    while let field = try reader.next() {
      switch field.number {
      case 1: version = ProtocolVersion(try reader.uint32(field))
      case 2, 3: try fields.read(field, from: &reader, first: 2)
      case 4:
        var nested = try reader.message(field)
        host = .replica(try PeerIdentity(from: &nested))
      case 5:
        role = ClientRole(rawValue: UInt8(truncatingIfNeeded: try reader.uint32(field)))
        if role == nil { throw reader.outOfRange(field) }
      case 6: frameLimit = try reader.byteCount(field)
      case 7:
        var nested = try reader.message(field)
        peers.append(try PeerIdentity(from: &nested))
      case 8: host = .node(try reader.node(field))
      default: try reader.skip(field)
      }
    }
    guard let version else { throw reader.missing(1) }
    guard let cluster = fields.cluster else { throw reader.missing(2) }
    guard let host else { throw reader.missing(4) }
    self.init(
      version: version, cluster: cluster, host: host, role: role, frameLimit: frameLimit,
      peers: peers)
  }
}

extension HelloRefusal: WireMessage {
  package func encode(into writer: inout WireWriter) {
    switch self {
    case .version(let asked, let spoken):
      writer.message(1) {
        $0.encode(asked, as: 1)
        $0.encode(spoken, as: 3)
      }
    case .cluster(let asked, let found):
      writer.message(2) {
        $0.encode(asked, as: 1)
        $0.encode(found, as: 3)
      }
    case .addressee(let asked, let found):
      writer.message(3) {
        asked?.encode(into: &$0, replica: 1, node: 3)
        found.encode(into: &$0, replica: 2, node: 4)
      }
    case .sameReplica(let replica): writer.alwaysVarint(4, replica.rawValue)
    // What a caller and its certificate call themselves may be long, and it takes short frames yet.
    case .unauthenticated(let reason): writer.alwaysString(5, reason.cut(to: .kibibytes(1)))
    case .tooManyConnections(let limit): writer.alwaysVarint(6, UInt64(limit))
    case .shuttingDown: writer.alwaysVarint(7, 1)
    }
  }

  package init(from reader: inout WireReader) throws(WireError) {
    while let field = try reader.next() {
      switch field.number {
      case 1:
        var nested = try reader.message(field)
        self = try Self.version(from: &nested)
        return
      case 2:
        var nested = try reader.message(field)
        self = try Self.cluster(from: &nested)
        return
      case 3:
        var nested = try reader.message(field)
        self = try Self.addressee(from: &nested)
        return
      case 4:
        self = .sameReplica(ReplicaID(try reader.uint64(field)))
        return
      case 5:
        self = .unauthenticated(try reader.string(field))
        return
      case 6:
        self = .tooManyConnections(limit: Int(clamping: try reader.uint64(field)))
        return
      case 7:
        self = .shuttingDown
        return
      default: try reader.skip(field)
      }
    }
    throw reader.missing(1)
  }

  private static func version(from reader: inout WireReader) throws(WireError) -> HelloRefusal {
    var asked = VersionFields()
    var spoken = VersionFields()
    while let field = try reader.next() {
      switch field.number {
      case 1, 2: try asked.read(field, from: &reader, first: 1)
      case 3, 4: try spoken.read(field, from: &reader, first: 3)
      default: try reader.skip(field)
      }
    }
    return .version(asked: try asked.range(reader), spoken: try spoken.range(reader))
  }

  private static func cluster(from reader: inout WireReader) throws(WireError) -> HelloRefusal {
    var asked = ClusterFields()
    var found = ClusterFields()
    while let field = try reader.next() {
      switch field.number {
      case 1, 2: try asked.read(field, from: &reader, first: 1)
      case 3, 4: try found.read(field, from: &reader, first: 3)
      default: try reader.skip(field)
      }
    }
    guard let asked = asked.cluster, let found = found.cluster else { throw reader.missing(1) }
    return .cluster(asked: asked, found: found)
  }

  private static func addressee(from reader: inout WireReader) throws(WireError) -> HelloRefusal {
    var asked: Addressee?
    var found: Addressee?
    while let field = try reader.next() {
      switch field.number {
      case 1: asked = .replica(ReplicaID(try reader.uint64(field)))
      case 2: found = .replica(ReplicaID(try reader.uint64(field)))
      case 3: asked = .node(try reader.node(field))
      case 4: found = .node(try reader.node(field))
      default: try reader.skip(field)
      }
    }
    guard let found else { throw reader.missing(2) }
    return .addressee(asked: asked, found: found)
  }
}

extension Addressee {
  fileprivate func encode(into writer: inout WireWriter, replica: UInt32, node: UInt32) {
    switch self {
    case .replica(let id): writer.alwaysVarint(replica, id.rawValue)
    case .node(let id): writer.string(node, id.name)
    }
  }
}

extension WireReader {
  fileprivate mutating func node(_ field: Field) throws(WireError) -> NodeID {
    guard let node = try? NodeID(try string(field)) else { throw outOfRange(field) }
    return node
  }
}
