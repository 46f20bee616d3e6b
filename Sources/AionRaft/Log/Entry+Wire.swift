// aion.v1.Entry and aion.v1.HardState (Docs/schema/aion/v1/log.proto)

import AionModel
public import AionWire

extension Entry {
  public func encode(into writer: inout WireWriter) {
    writer.varint(1, index.rawValue)
    writer.varint(2, term.rawValue)
    writer.sint(3, proposedAt.nanosecondsSince1970)
    switch payload {
    case .empty: break
    case .command(let bytes): writer.alwaysBytes(4, bytes)
    case .configuration(let change): writer.message(5) { change.encode(into: &$0) }
    }
  }

  public init(from reader: inout WireReader) throws(WireError) {
    self.init(index: .zero, term: .zero)
    while let field = try reader.next() {
      switch field.number {
      case 1: index = LogIndex(try reader.uint64(field))
      case 2: term = Term(try reader.uint64(field))
      case 3: proposedAt = WallTime(nanosecondsSince1970: try reader.sint(field))
      case 4: payload = .command(try reader.bytes(field))
      case 5:
        var nested = try reader.message(field)
        payload = .configuration(try ConfigurationChange(from: &nested))
      default: try reader.skip(field)
      }
    }
    guard index > .zero else { throw reader.missing(1) }
    guard term > .zero else { throw reader.missing(2) }
  }
}

extension HardState {
  public func encode(into writer: inout WireWriter) {
    writer.varint(1, term.rawValue)
    if let vote { writer.alwaysVarint(2, vote.rawValue) }
    writer.varint(3, commit.rawValue)
  }

  public init(from reader: inout WireReader) throws(WireError) {
    self.init()
    while let field = try reader.next() {
      switch field.number {
      case 1: term = Term(try reader.uint64(field))
      case 2: vote = ReplicaID(try reader.uint64(field))
      case 3: commit = LogIndex(try reader.uint64(field))
      default: try reader.skip(field)
      }
    }
  }
}
