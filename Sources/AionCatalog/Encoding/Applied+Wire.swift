// aion.v1.Applied, Outcome, BatchOutcome and Change (Docs/schema/aion/v1/outcome.proto)

import AionModel
package import AionWire

extension Applied {
  package func encode(into writer: inout WireWriter) {
    writer.varint(1, index.rawValue)
    writer.varint(2, catalogVersion.rawValue)
    writer.varint(3, placementEpoch.rawValue)
    writer.bool(4, hasChanges)
    writer.varint(5, UInt64(outcomes.count))
    for (place, outcome) in outcomes.enumerated() where outcome != .done {
      writer.message(6) { outcome.encode(into: &$0, place: place) }
    }
  }

  package init(from reader: inout WireReader) throws(WireError) {
    self.init(index: 0, catalogVersion: 0, placementEpoch: 0, outcomes: [], hasChanges: false)
    var start = reader
    while let field = try reader.next() {
      switch field.number {
      case 1: index = LogIndex(try reader.uint64(field))
      case 2: catalogVersion = CatalogVersion(try reader.uint64(field))
      case 3: placementEpoch = PlacementEpoch(try reader.uint64(field))
      case 4: hasChanges = try reader.bool(field)
      case 5:
        let count = try reader.uint64(field)
        guard count <= Limits.commandsPerBatch else { throw reader.outOfRange(field) }
        outcomes = [CommandOutcome](repeating: .done, count: Int(count))
      default: try reader.skip(field)
      }
    }
    while let field = try start.next() {
      guard field.number == 6 else {
        try start.skip(field)
        continue
      }
      var nested = try start.message(field)
      let (place, outcome) = try CommandOutcome.read(from: &nested)
      guard place < outcomes.count else { throw start.outOfRange(field) }
      outcomes[Int(place)] = outcome
    }
  }
}

extension CommandOutcome {
  fileprivate func encode(into writer: inout WireWriter, place: Int) {
    writer.varint(1, UInt64(place))
    switch self {
    case .done: break
    case .created(let database): writer.message(2) { database.encode(into: &$0) }
    case .began(let txn): writer.alwaysVarint(3, txn.rawValue)
    case .allocated(let snapshot): writer.alwaysVarint(4, snapshot.rawValue)
    case .decided(let decidedAt): writer.alwaysVarint(5, decidedAt.rawValue)
    case .opened(let session): writer.alwaysVarint(6, session.rawValue)
    }
  }

  fileprivate static func read(
    from reader: inout WireReader
  ) throws(WireError) -> (place: UInt64, outcome: CommandOutcome) {
    var place: UInt64 = 0
    var outcome: CommandOutcome?
    while let field = try reader.next() {
      switch field.number {
      case 1: place = try reader.uint64(field)
      case 2:
        var nested = try reader.message(field)
        outcome = .created(try DatabaseDescriptor(from: &nested))
      case 3: outcome = .began(TxnID(try reader.uint64(field)))
      case 4: outcome = .allocated(SnapshotTimestamp(try reader.uint64(field)))
      case 5: outcome = .decided(SnapshotTimestamp(try reader.uint64(field)))
      case 6: outcome = .opened(SessionID(try reader.uint64(field)))
      default: try reader.skip(field)
      }
    }
    guard let outcome else { throw reader.missing(2) }
    return (place, outcome)
  }
}

extension BatchOutcome {
  /// - Parameter inWords: As `ClusterError.encode(into:inWords:)`.
  package func encode(into writer: inout WireWriter, inWords: Bool) {
    switch self {
    case .success(let applied): writer.message(1) { applied.encode(into: &$0) }
    case .failure(let error): writer.message(2) { error.encode(into: &$0, inWords: inWords) }
    }
  }

  package init(from reader: inout WireReader) throws(WireError) {
    var outcome: BatchOutcome?
    while let field = try reader.next() {
      switch field.number {
      case 1:
        var nested = try reader.message(field)
        outcome = .success(try Applied(from: &nested))
      case 2:
        var nested = try reader.message(field)
        outcome = .failure(try ClusterError(from: &nested))
      default: try reader.skip(field)
      }
    }
    guard let outcome else { throw reader.missing(1) }
    self = outcome
  }
}

extension Change {
  package func encode(into writer: inout WireWriter) {
    writer.varint(1, index.rawValue)
    writer.message(2) { batch.encode(into: &$0) }
    writer.message(3) { outcome.encode(into: &$0, inWords: true) }
  }

  package init(from reader: inout WireReader, names: inout NodeNames) throws(WireError) {
    var index = LogIndex.zero
    var batch: CommandBatch?
    var outcome: BatchOutcome?
    while let field = try reader.next() {
      switch field.number {
      case 1: index = LogIndex(try reader.uint64(field))
      case 2:
        var nested = try reader.message(field)
        batch = try CommandBatch(from: &nested, names: &names)
      case 3:
        var nested = try reader.message(field)
        outcome = try BatchOutcome(from: &nested)
      default: try reader.skip(field)
      }
    }
    guard index > .zero else { throw reader.missing(1) }
    guard let batch else { throw reader.missing(2) }
    guard let outcome else { throw reader.missing(3) }
    self.init(at: index, batch: batch, outcome: outcome)
  }
}
