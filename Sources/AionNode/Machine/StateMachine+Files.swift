public import AionCatalog
public import AionLog
public import AionModel
public import AionRaft

extension StateMachine {
  /// Writes a state as a snapshot file, in memory of one chunk; blocks for as long as it takes.
  ///
  /// A crash in the middle leaves a temporary file that the next opening removes.
  public static func write<Directory: LogDirectory>(
    _ view: View, _ metadata: SnapshotMetadata, to store: SnapshotStore<Directory>,
    now: WallTime = .epoch
  ) throws(LogFault) {
    let summary = summary(of: view)
    let writer = try store.write(
      SnapshotDescription(
        metadata: metadata, catalogVersion: summary.catalogVersion, counts: summary.counts,
        createdAt: now))
    try encode(view) { (records, count) throws(LogFault) in
      try writer.append(records: records, count: count)
    }
    _ = try writer.finish(digest: summary.digest)
  }

  /// Reads a state back and holds its digest against the one that was written beside it.
  ///
  /// - Throws: What reading throws, `undecodableSnapshot`, `wrongDigest`.
  public static func read<Directory: LogDirectory>(
    _ index: LogIndex, from store: SnapshotStore<Directory>
  ) throws(NodeFault) -> View {
    try read(try NodeFault.wrapping { () throws(LogFault) in try store.read(at: index) })
  }

  static func read<Directory: LogDirectory>(
    _ snapshot: SnapshotReader<Directory>
  ) throws(NodeFault) -> View {
    var reader = snapshot
    let index = reader.description.metadata.position.index
    let view = try decode(at: index) { () throws(NodeFault) in
      try NodeFault.wrapping { () throws(LogFault) in try reader.next() }
    }
    let written = reader.footer?.digest
    let computed = summary(of: view).digest
    guard written == computed else {
      throw .wrongDigest(at: index, written: written, computed: computed)
    }
    return view
  }
}

extension ClusterSnapshot {
  /// Reads a state back and holds its digest against the one that was written beside it.
  ///
  /// - Throws: What reading throws, `undecodableSnapshot`, `wrongDigest`.
  public init<Directory: LogDirectory>(
    reading index: LogIndex, from store: SnapshotStore<Directory>
  ) throws(NodeFault) {
    self = try ClusterState.read(index, from: store)
  }
}
