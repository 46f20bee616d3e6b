package import AionModel
import AionRPC
package import AionWire

/// A process asks the leader of a group to be taken in, as a learner (aion.v1.JoinRequest).
package struct JoinRequest: Hashable, Sendable, WireMessage {
  package var name: String
  /// Where others reach it: host:port.
  package var address: String

  package init(name: String, address: String) {
    self.name = name
    self.address = address
  }

  package func encode(into writer: inout WireWriter) {
    writer.message(101) {
      $0.string(1, name)
      $0.string(2, address)
    }
  }

  /// Whether a request is one of these, and no client's.
  static func isOne(_ payload: [UInt8]) -> Bool {
    (try? WireReader.reading(payload) { (reader) throws(WireError) in
      try reader.next()?.number == 101
    }) ?? false
  }

  package init(from reader: inout WireReader) throws(WireError) {
    while let field = try reader.next() {
      guard field.number == 101 else {
        try reader.skip(field)
        continue
      }
      var nested = try reader.message(field)
      self = try Self.asked(in: &nested)
      return
    }
    throw reader.missing(101)
  }

  private static func asked(in reader: inout WireReader) throws(WireError) -> Self {
    var request = JoinRequest(name: "", address: "")
    while let field = try reader.next() {
      switch field.number {
      case 1: request.name = try reader.string(field)
      case 2: request.address = try reader.string(field)
      default: try reader.skip(field)
      }
    }
    return request
  }
}

/// The answer (aion.v1.JoinResponse).
package enum JoinResponse: Hashable, Sendable, WireMessage {
  case takenIn(ReplicaID)
  /// Another replica leads; at this address, when that is known.
  case elsewhere(address: String?)
  /// Not now; ask again.
  case later(reason: String)
  case refused(reason: String)

  package func encode(into writer: inout WireWriter) {
    switch self {
    case .takenIn(let replica): writer.alwaysVarint(1, replica.rawValue)
    case .elsewhere(let address): writer.alwaysString(2, address ?? "")
    case .later(let reason): writer.alwaysString(3, reason)
    case .refused(let reason): writer.alwaysString(4, reason)
    }
  }

  package init(from reader: inout WireReader) throws(WireError) {
    while let field = try reader.next() {
      switch field.number {
      case 1: self = .takenIn(ReplicaID(try reader.uint64(field)))
      case 2:
        let address = try reader.string(field)
        self = .elsewhere(address: address.isEmpty ? nil : address)
      case 3: self = .later(reason: try reader.string(field))
      case 4: self = .refused(reason: try reader.string(field))
      default:
        try reader.skip(field)
        continue
      }
      return
    }
    throw reader.missing(1)
  }
}
