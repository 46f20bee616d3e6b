// aion.v1.FragmentRequest and FragmentAnswer (Docs/schema/aion/v1/fragment.proto)

import AionCatalog
import AionModel
package import AionWire

extension FragmentRequest: WireMessage {
  package func encode(into writer: inout WireWriter) {
    switch self {
    case .execute(let plan, let options):
      writer.message(1) { plan.encode(into: &$0, with: options) }
    case .cancel(let name): writer.message(2) { name.encode(into: &$0) }
    }
  }

  /// - Throws: `missingField` for a request that this version does not know.
  package init(from reader: inout WireReader) throws(WireError) {
    while let field = try reader.next() {
      switch field.number {
      case 1:
        var nested = try reader.message(field)
        self = try FragmentReading(from: &nested).request
        return
      case 2:
        var nested = try reader.message(field)
        self = .cancel(try FragmentName(from: &nested))
        return
      default: try reader.skip(field)
      }
    }
    throw reader.missing(1)
  }
}

extension FragmentName {
  fileprivate func encode(into writer: inout WireWriter) {
    writer.fixed64(1, UInt64(truncatingIfNeeded: query.rawValue >> 64))
    writer.fixed64(2, UInt64(truncatingIfNeeded: query.rawValue))
    writer.varint(3, fragment.rawValue)
  }

  fileprivate init(from reader: inout WireReader) throws(WireError) {
    self.init(query: 0, fragment: 0)
    while let field = try reader.next() {
      switch field.number {
      case 1: query.rawValue |= UInt128(try reader.fixed64(field)) << 64
      case 2: query.rawValue |= UInt128(try reader.fixed64(field))
      case 3: fragment = FragmentID(try reader.uint64(field))
      default: try reader.skip(field)
      }
    }
  }
}

extension FragmentPlan {
  fileprivate func encode(
    into writer: inout WireWriter, with options: FragmentRuntimeOptions
  ) {
    writer.message(1) { options.name.encode(into: &$0) }
    writer.varint(2, options.catalogVersion.rawValue)
    writer.varint(3, options.placementEpoch.rawValue)
    writer.message(4) { options.txnScope.encode(into: &$0) }
    writer.string(5, label)
    if let shard { writer.message(6) { shard.encode(into: &$0) } }
    if let snapshot { writer.alwaysVarint(7, snapshot.rawValue) }
    writer.bytes(8, body)
  }
}

/// An execution while it is read.
private struct FragmentReading {
  private var name: FragmentName?
  private var catalogVersion = CatalogVersion.zero
  private var placementEpoch = PlacementEpoch.zero
  private var scope: TxnScope?
  private var label = ""
  private var shard: ShardKey?
  private var snapshot: SnapshotTimestamp?
  private var body: [UInt8] = []

  let request: FragmentRequest

  init(from reader: inout WireReader) throws(WireError) {
    while let field = try reader.next() {
      switch field.number {
      case 1:
        var nested = try reader.message(field)
        name = try FragmentName(from: &nested)
      case 2: catalogVersion = CatalogVersion(try reader.uint64(field))
      case 3: placementEpoch = PlacementEpoch(try reader.uint64(field))
      case 4:
        var nested = try reader.message(field)
        var names = NodeNames()
        scope = try TxnScope(from: &nested, names: &names)
      case 5: label = try reader.string(field)
      case 6:
        var nested = try reader.message(field)
        shard = try ShardKey(from: &nested)
      case 7: snapshot = SnapshotTimestamp(try reader.uint64(field))
      case 8: body = try reader.bytes(field)
      default: try reader.skip(field)
      }
    }
    guard let name else { throw reader.missing(1) }
    guard let scope else { throw reader.missing(4) }
    request = .execute(
      FragmentPlan(label, on: shard, at: snapshot, body: body),
      FragmentRuntimeOptions(
        queryID: name.query, fragmentID: name.fragment, catalogVersion: catalogVersion,
        placementEpoch: placementEpoch, txnScope: scope))
  }
}

extension FragmentAnswer: WireMessage {
  package func encode(into writer: inout WireWriter) {
    switch self {
    case .done(let length): writer.alwaysVarint(1, UInt64(clamping: length.bytes))
    case .refused(let error): writer.message(2) { error.encode(into: &$0, inWords: true) }
    }
  }

  package init(from reader: inout WireReader) throws(WireError) {
    while let field = try reader.next() {
      switch field.number {
      case 1:
        self = .done(try reader.byteCount(field))
        return
      case 2:
        var nested = try reader.message(field)
        self = .refused(try ClusterError(from: &nested))
        return
      default: try reader.skip(field)
      }
    }
    throw reader.missing(1)
  }
}
