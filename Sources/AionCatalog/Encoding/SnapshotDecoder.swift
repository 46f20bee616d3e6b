public import AionModel
public import AionWire

/// Reads what `SnapshotEncoder` wrote, chunk by chunk, in O(n).
///
///     var decoder = SnapshotDecoder()
///     for chunk in chunks { try decoder.read(chunk) }
///     let snapshot = try decoder.finish(appliedThrough: index)
///
/// It refuses what no state can be: records out of order or twice, names taken twice, placements
/// that break the rules. Compare the snapshot's digest with the one that was written beside it.
public struct SnapshotDecoder: Sendable {
  private var snapshot = ClusterSnapshot()
  private var hasCounters = false
  private var databases = OrderedTree<DatabaseID, DatabaseDescriptor>.Builder()
  private var roles = OrderedTree<FoldedName, ClusterRoleDescriptor>.Builder()
  private var nodes = OrderedTree<NodeID, NodeDescriptor>.Builder()
  private var shards = OrderedTree<ShardKey, ShardDescriptor>.Builder()
  private var txns = OrderedTree<TxnID, TxnRecord>.Builder()
  private var sessions = SessionReading()
  private var places: [ShardPlace] = []
  /// Placements by node; put in order at the end.
  private var tally: [NodeID: ReplicaCounts] = [:]
  private var names = NodeNames()
  private var scratch = WireWriter(reservingCapacity: 512)

  public init() {}

  /// Reads whole records. After an error the decoder is of no more use.
  public mutating func read(_ chunk: [UInt8]) throws(WireError) {
    try WireReader.reading(chunk) { reader throws(WireError) in try read(&reader) }
  }

  /// The state that was read; its digest is computed anew from the records.
  ///
  /// - Parameter index: The log index that the snapshot stands for.
  /// - Throws: `missingField` without the counters, `valueOutOfRange` when an id would be given
  ///   again.
  public mutating func finish(
    appliedThrough index: LogIndex
  ) throws(WireError) -> ClusterSnapshot {
    snapshot.applied = index
    snapshot.databaseRecords = databases.finish()
    snapshot.roleRecords = roles.finish()
    snapshot.nodeRecords = nodes.finish()
    snapshot.shardRecords = shards.finish()
    snapshot.txnRecords = txns.finish()
    try sessions.finish(into: &snapshot)
    try checkCounters()
    for (node, counts) in tally.sorted(by: { $0.key < $1.key }) {
      snapshot.nodeCounts.updateValue(counts, forKey: node)
    }
    places.sort()
    var placesBuilder = OrderedTree<ShardPlace, Void>.Builder()
    for place in places { _ = placesBuilder.append(place, ()) }
    snapshot.shardPlaces = placesBuilder.finish()
    return snapshot
  }

  private func checkCounters() throws(WireError) {
    guard hasCounters else { throw WireError(.missingField(SnapshotField.counters), at: 0) }
    let database = snapshot.databaseRecords.last?.key ?? .default
    let txn = snapshot.txnRecords.last?.key ?? 0
    let session = snapshot.sessionRecords.last?.key ?? 0
    guard database <= snapshot.lastDatabaseID, txn <= snapshot.lastTxnID,
      snapshot.lastTxnID < TxnID(.max), session <= snapshot.lastSessionID,
      snapshot.lastSessionID < SessionID(.max)
    else { throw WireError(.valueOutOfRange(field: SnapshotField.counters), at: 0) }
  }

  private mutating func read(_ reader: inout WireReader) throws(WireError) {
    while let field = try reader.next() {
      switch field.number {
      case SnapshotField.counters: try readCounters(field, from: &reader)
      case SnapshotField.database: try readDatabase(field, from: &reader)
      case SnapshotField.role: try readRole(field, from: &reader)
      case SnapshotField.node: try readNode(field, from: &reader)
      case SnapshotField.shard: try readShard(field, from: &reader)
      case SnapshotField.txn: try readTxn(field, from: &reader)
      case SnapshotField.session: count(try sessions.readSession(field, from: &reader))
      case SnapshotField.sessionReply: count(try sessions.readReply(field, from: &reader))
      default: try reader.skip(field)
      }
    }
  }

  private mutating func readCounters(
    _ field: WireReader.Field, from reader: inout WireReader
  ) throws(WireError) {
    hasCounters = true
    var nested = try reader.message(field)
    while let field = try nested.next() {
      switch field.number {
      case 1: snapshot.catalogVersion = CatalogVersion(try nested.uint64(field))
      case 2: snapshot.placementEpoch = PlacementEpoch(try nested.uint64(field))
      case 3: snapshot.lastDatabaseID = DatabaseID(try nested.uint32(field))
      case 4: snapshot.lastTxnID = TxnID(try nested.uint64(field))
      case 5: snapshot.lastSessionID = SessionID(try nested.uint64(field))
      default: try nested.skip(field)
      }
    }
  }

  private mutating func readDatabase(
    _ field: WireReader.Field, from reader: inout WireReader
  ) throws(WireError) {
    var nested = try reader.message(field)
    let database = try DatabaseDescriptor(from: &nested)
    let name = FoldedName(database.name)
    guard snapshot.databaseNames.updateValue(database.id, forKey: name) == nil,
      databases.append(database.id, database)
    else { throw reader.outOfRange(field) }
    count(database)
  }

  private mutating func readRole(
    _ field: WireReader.Field, from reader: inout WireReader
  ) throws(WireError) {
    var nested = try reader.message(field)
    let role = try ClusterRoleDescriptor(from: &nested)
    guard roles.append(FoldedName(role.name), role) else { throw reader.outOfRange(field) }
    count(role)
  }

  private mutating func readNode(
    _ field: WireReader.Field, from reader: inout WireReader
  ) throws(WireError) {
    var nested = try reader.message(field)
    let node = try NodeDescriptor(from: &nested, names: &names)
    guard nodes.append(node.id, node) else { throw reader.outOfRange(field) }
    count(node)
  }

  private mutating func readShard(
    _ field: WireReader.Field, from reader: inout WireReader
  ) throws(WireError) {
    var nested = try reader.message(field)
    let shard = try ShardDescriptor(from: &nested, names: &names)
    guard shard.placementProblem == nil, shards.append(shard.key, shard)
    else { throw reader.outOfRange(field) }
    places.append(ShardPlace(shard.key))
    for placement in shard.placements {
      tally[placement.node, default: ReplicaCounts()].count(placement.role, by: 1)
    }
    count(shard)
  }

  private mutating func readTxn(
    _ field: WireReader.Field, from reader: inout WireReader
  ) throws(WireError) {
    var nested = try reader.message(field)
    let txn = try TxnRecord(from: &nested, names: &names)
    guard txns.append(txn.id, txn) else { throw reader.outOfRange(field) }
    if !txn.status.isDecided { snapshot.undecidedTxns.updateValue((), forKey: txn.id) }
    count(txn)
  }

  private mutating func count(_ record: some StateRecord) {
    scratch.removeAll()
    record.encodeField(into: &scratch)
    scratch.bytes.withUnsafeBytes { snapshot.recordDigest.add($0) }
  }
}
