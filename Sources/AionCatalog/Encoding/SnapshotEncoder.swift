public import AionWire

/// Writes a snapshot as an `aion.v1.SnapshotFile`, chunk by chunk.
///
///     var encoder = SnapshotEncoder(snapshot)
///     while encoder.fill(&writer, upTo: 256 * 1024) { … write and empty the writer … }
///
/// Equal states give equal bytes: the counters first, then each kind of record in the order of its
/// keys. Each chunk is a run of whole records, and concatenated chunks are one message. What a
/// chunk costs in memory does not depend on the size of the state.
public struct SnapshotEncoder: Sendable {
  private let snapshot: ClusterSnapshot
  private var stage = Stage.counters
  /// Records written so far, the counters among them.
  public private(set) var recordCount = 0

  /// What is written next: the counters, or the record of this rank among those of its kind.
  private enum Stage: Sendable {
    case counters
    case databases(rank: Int)
    case roles(rank: Int)
    case nodes(rank: Int)
    case shards(rank: Int)
    case txns(rank: Int)
    case sessions(rank: Int)
    case sessionReplies(rank: Int)
    case end
  }

  public init(_ snapshot: ClusterSnapshot) { self.snapshot = snapshot }

  /// Appends records until `writer` holds at least `limit` bytes or the state is at its end.
  ///
  /// - Returns: False when nothing was left to append.
  public mutating func fill(_ writer: inout WireWriter, upTo limit: Int) -> Bool {
    let start = writer.count
    while writer.count < limit {
      switch stage {
      case .counters:
        snapshot.encodeCounters(into: &writer)
        recordCount += 1
        stage = .databases(rank: 0)
      case .databases(let rank):
        let next = append(snapshot.databaseRecords, from: rank, to: &writer, upTo: limit)
        stage = next.map { .databases(rank: $0) } ?? .roles(rank: 0)
      case .roles(let rank):
        let next = append(snapshot.roleRecords, from: rank, to: &writer, upTo: limit)
        stage = next.map { .roles(rank: $0) } ?? .nodes(rank: 0)
      case .nodes(let rank):
        let next = append(snapshot.nodeRecords, from: rank, to: &writer, upTo: limit)
        stage = next.map { .nodes(rank: $0) } ?? .shards(rank: 0)
      case .shards(let rank):
        let next = append(snapshot.shardRecords, from: rank, to: &writer, upTo: limit)
        stage = next.map { .shards(rank: $0) } ?? .txns(rank: 0)
      case .txns(let rank):
        let next = append(snapshot.txnRecords, from: rank, to: &writer, upTo: limit)
        stage = next.map { .txns(rank: $0) } ?? .sessions(rank: 0)
      case .sessions(let rank):
        let next = append(snapshot.sessionRecords, from: rank, to: &writer, upTo: limit)
        stage = next.map { .sessions(rank: $0) } ?? .sessionReplies(rank: 0)
      case .sessionReplies(let rank):
        let next = append(snapshot.sessionReplies, from: rank, to: &writer, upTo: limit)
        stage = next.map { .sessionReplies(rank: $0) } ?? .end
      case .end:
        return writer.count > start
      }
    }
    return true
  }

  /// The rank of the first record that was not written; nil when none is left.
  private mutating func append<Key, Record: StateRecord>(
    _ records: OrderedTree<Key, Record>, from rank: Int, to writer: inout WireWriter,
    upTo limit: Int
  ) -> Int? {
    var rank = rank
    for (_, record) in records.elements(fromRank: rank) {
      if writer.count >= limit { return rank }
      record.encodeField(into: &writer)
      recordCount += 1
      rank += 1
    }
    return nil
  }
}

extension ClusterSnapshot {
  /// The whole state as one `aion.v1.SnapshotFile`.
  public func encoded() -> [UInt8] {
    var writer = WireWriter()
    var encoder = SnapshotEncoder(self)
    _ = encoder.fill(&writer, upTo: .max)
    return writer.take()
  }
}
