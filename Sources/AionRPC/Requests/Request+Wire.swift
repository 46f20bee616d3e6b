// aion.v1.Request and aion.v1.Response (Docs/schema/aion/v1/rpc.proto)

import AionModel
package import AionWire

extension Request: WireMessage {
  package func encode(into writer: inout WireWriter) {
    writer.varint(1, UInt64(clamping: timeout.inMilliseconds))
    writer.varint(2, UInt64(clamping: credit))
    writer.bytes(3, payload)
  }

  package init(from reader: inout WireReader) throws(WireError) {
    self.init([], timeout: .zero)
    while let field = try reader.next() {
      switch field.number {
      case 1: timeout = .milliseconds(Int64(try reader.uint32(field)))
      case 2: credit = Int(try reader.uint32(field))
      case 3: payload = try reader.bytes(field)
      default: try reader.skip(field)
      }
    }
  }
}

extension Response: WireMessage {
  package func encode(into writer: inout WireWriter) {
    switch self {
    case .answer(let payload): writer.alwaysBytes(1, payload)
    case .failure(let failure): failure.encode(into: &writer)
    }
  }

  package init(from reader: inout WireReader) throws(WireError) {
    while let field = try reader.next() {
      switch field.number {
      case 1:
        self = .answer(try reader.bytes(field))
        return
      case 2...7:
        self = .failure(try RequestFailure(field, from: &reader))
        return
      default: try reader.skip(field)
      }
    }
    throw reader.missing(1)
  }
}

extension RequestFailure {
  fileprivate func encode(into writer: inout WireWriter) {
    switch self {
    case .forbidden(let needs, let has):
      writer.message(2) {
        $0.varint(1, UInt64(needs.rawValue))
        $0.varint(2, UInt64(has.rawValue))
      }
    case .tooManyRequests(let limit): writer.alwaysVarint(4, UInt64(clamping: limit))
    case .notUnderstood(let reason): writer.alwaysString(5, reason)
    case .answerTooLong: writer.alwaysVarint(6, 1)
    case .foreignNode(let node): writer.alwaysString(7, node.name)
    // The other two are found out where the client is, and never sent.
    case .timedOut, .disconnected, .cancelled: writer.alwaysVarint(3, 1)
    }
  }

  fileprivate init(
    _ field: WireReader.Field, from reader: inout WireReader
  ) throws(WireError) {
    switch field.number {
    case 2:
      var nested = try reader.message(field)
      self = try .forbidden(from: &nested)
    case 4: self = .tooManyRequests(limit: Int(clamping: try reader.uint64(field)))
    case 5: self = .notUnderstood(try reader.string(field))
    case 6: self = .answerTooLong
    case 7:
      guard let node = try? NodeID(try reader.string(field)) else { throw reader.outOfRange(field) }
      self = .foreignNode(node)
    default: self = .timedOut
    }
  }

  private static func forbidden(from reader: inout WireReader) throws(WireError) -> Self {
    var needs: ClientRole?
    var has: ClientRole?
    while let field = try reader.next() {
      switch field.number {
      case 1: needs = ClientRole(rawValue: UInt8(clamping: try reader.uint64(field)))
      case 2: has = ClientRole(rawValue: UInt8(clamping: try reader.uint64(field)))
      default: try reader.skip(field)
      }
    }
    guard let needs, let has else { throw reader.missing(1) }
    return .forbidden(needs: needs, has: has)
  }
}

/// So many more items may be sent (aion.v1.Credit).
package struct Credit: WireMessage {
  package var items: Int

  package func encode(into writer: inout WireWriter) { writer.varint(1, UInt64(clamping: items)) }

  package init(items: Int) { self.items = items }

  package init(from reader: inout WireReader) throws(WireError) {
    items = 0
    while let field = try reader.next() {
      switch field.number {
      case 1: items = Int(try reader.uint32(field))
      default: try reader.skip(field)
      }
    }
  }
}

extension Duration {
  /// Rounded up: a short time is not none.
  fileprivate var inMilliseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1_000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
  }
}
