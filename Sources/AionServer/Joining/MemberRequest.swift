package import AionModel
import AionRPC
package import AionWire

/// What is asked of the leader of a group about its members (aion.v1.MemberRequest).
package enum MemberRequest: Hashable, Sendable, WireMessage {
  /// Take me in, as a learner.
  case join(name: String, address: String)
  /// Let me vote: I have caught up.
  case promote(ReplicaID)
  /// Let it be a member no longer.
  case remove(ReplicaID)
  /// Let it lead; 0: whoever has the most of the log.
  case transfer(ReplicaID)

  package func encode(into writer: inout WireWriter) {
    switch self {
    case .join(let name, let address):
      writer.message(101) {
        $0.string(1, name)
        $0.string(2, address)
      }
    case .promote(let replica): writer.alwaysVarint(102, replica.rawValue)
    case .remove(let replica): writer.alwaysVarint(103, replica.rawValue)
    case .transfer(let replica): writer.alwaysVarint(104, replica.rawValue)
    }
  }

  package init(from reader: inout WireReader) throws(WireError) {
    while let field = try reader.next() {
      switch field.number {
      case 101:
        var nested = try reader.message(field)
        self = try Self.join(from: &nested)
      case 102: self = .promote(ReplicaID(try reader.uint64(field)))
      case 103: self = .remove(ReplicaID(try reader.uint64(field)))
      case 104: self = .transfer(ReplicaID(try reader.uint64(field)))
      default:
        try reader.skip(field)
        continue
      }
      return
    }
    throw reader.missing(101)
  }

  private static func join(from reader: inout WireReader) throws(WireError) -> Self {
    var (name, address) = ("", "")
    while let field = try reader.next() {
      switch field.number {
      case 1: name = try reader.string(field)
      case 2: address = try reader.string(field)
      default: try reader.skip(field)
      }
    }
    return .join(name: name, address: address)
  }
}

/// The answer (aion.v1.MemberResponse).
package enum MemberResponse: Hashable, Sendable, WireMessage {
  case takenIn(ReplicaID)
  /// It is as was asked.
  case done
  /// Another replica leads; at this address, when that is known.
  case elsewhere(address: String?)
  /// Not now; ask again.
  case later(reason: String)
  case refused(reason: String)

  package func encode(into writer: inout WireWriter) {
    switch self {
    case .takenIn(let replica): writer.alwaysVarint(1, replica.rawValue)
    case .done: writer.bool(2, true)
    case .elsewhere(let address): writer.alwaysString(3, address ?? "")
    case .later(let reason): writer.alwaysString(4, reason)
    case .refused(let reason): writer.alwaysString(5, reason)
    }
  }

  package init(from reader: inout WireReader) throws(WireError) {
    while let field = try reader.next() {
      switch field.number {
      case 1: self = .takenIn(ReplicaID(try reader.uint64(field)))
      case 2: self = try reader.bool(field) ? .done : .refused(reason: "")
      case 3:
        let address = try reader.string(field)
        self = .elsewhere(address: address.isEmpty ? nil : address)
      case 4: self = .later(reason: try reader.string(field))
      case 5: self = .refused(reason: try reader.string(field))
      default:
        try reader.skip(field)
        continue
      }
      return
    }
    throw reader.missing(1)
  }
}
