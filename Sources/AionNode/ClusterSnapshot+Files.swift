public import AionCatalog
public import AionLog
public import AionModel
public import AionRaft
import AionWire

extension ClusterSnapshot {
  private static var chunkLength: Int { 256 << 10 }

  /// Writes the state as a snapshot file, in memory of one chunk; blocks for as long as it takes.
  ///
  /// A crash in the middle leaves a temporary file that the next opening removes.
  public func write<Directory: LogDirectory>(
    _ metadata: SnapshotMetadata, to store: SnapshotStore<Directory>, now: WallTime = .epoch
  ) throws(LogFault) {
    let writer = try store.write(
      SnapshotDescription(
        metadata: metadata, catalogVersion: catalogVersion, counts: recordCounts, createdAt: now))
    var encoder = SnapshotEncoder(self)
    var chunk = WireWriter(reservingCapacity: Self.chunkLength * 2)
    var written = 0
    while encoder.fill(&chunk, upTo: Self.chunkLength) {
      try writer.append(records: chunk.bytes, count: encoder.recordCount - written)
      written = encoder.recordCount
      chunk.removeAll()
    }
    _ = try writer.finish(digest: SnapshotDigest(rawValue: digest.rawValue))
  }

  private var recordCounts: [SnapshotDescription.RecordCount] {
    [
      .init("databases", databases().count), .init("roles", roles().count),
      .init("nodes", nodes().count), .init("shards", shardCount),
    ]
  }

  /// Reads a state back and holds its digest against the one that was written beside it.
  ///
  /// - Throws: What reading throws, `undecodableSnapshot`.
  public init<Directory: LogDirectory>(
    reading index: LogIndex, from store: SnapshotStore<Directory>
  ) throws(NodeFault) {
    var reader = try NodeFault.wrapping { () throws(LogFault) in try store.read(at: index) }
    var decoder = SnapshotDecoder()
    while let chunk = try NodeFault.wrapping({ () throws(LogFault) in try reader.next() }) {
      try Self.understanding(index) { () throws(WireError) in try decoder.read(chunk) }
    }
    self = try Self.understanding(index) { () throws(WireError) in
      try decoder.finish(appliedThrough: index)
    }
    let written = reader.footer.map { StateDigest(rawValue: $0.digest.rawValue) }
    guard written == digest else {
      throw .wrongDigest(at: index, written: written, computed: digest)
    }
  }

  private static func understanding<Answer>(
    _ index: LogIndex, _ body: () throws(WireError) -> Answer
  ) throws(NodeFault) -> Answer {
    do throws(WireError) { return try body() } catch {
      throw .undecodableSnapshot(at: index, error)
    }
  }
}
