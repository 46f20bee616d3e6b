// aion.v1.CommandBatch (Docs/schema/aion/v1/command.proto)

import AionModel
public import AionWire

extension CommandBatch {
  /// The payload of a log entry.
  public func encoded() -> [UInt8] {
    var writer = WireWriter(reservingCapacity: 128)
    encode(into: &writer)
    return writer.take()
  }

  public func encode(into writer: inout WireWriter) {
    for command in commands { writer.message(1) { command.encode(into: &$0) } }
    if let expectedCatalogVersion {
      writer.alwaysVarint(2, expectedCatalogVersion.rawValue)
    }
    if let expectedPlacementEpoch {
      writer.alwaysVarint(3, expectedPlacementEpoch.rawValue)
    }
    if let stamp { writer.message(4) { stamp.encode(into: &$0) } }
  }

  /// - Throws: `WireError` for bytes that are no batch, and for commands of a later version.
  public init(decoding bytes: [UInt8]) throws(WireError) {
    var names = NodeNames()
    try self.init(decoding: bytes, names: &names)
  }

  /// Names of nodes that `names` has already seen are taken from there.
  package init(decoding bytes: [UInt8], names: inout NodeNames) throws(WireError) {
    self = try WireReader.reading(bytes) { reader throws(WireError) in
      try CommandBatch(from: &reader, names: &names)
    }
  }

  package init(from reader: inout WireReader, names: inout NodeNames) throws(WireError) {
    self.init([])
    while let field = try reader.next() {
      switch field.number {
      case 1:
        var nested = try reader.message(field)
        commands.append(try Command(from: &nested, names: &names))
      case 2: expectedCatalogVersion = CatalogVersion(try reader.uint64(field))
      case 3: expectedPlacementEpoch = PlacementEpoch(try reader.uint64(field))
      case 4:
        var nested = try reader.message(field)
        stamp = try SessionStamp(from: &nested)
      default: try reader.skip(field)
      }
    }
  }
}
