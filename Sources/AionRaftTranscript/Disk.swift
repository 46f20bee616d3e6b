import AionModel
import AionRaft

/// What a replica finds after a crash.
struct Disk: Hashable, Sendable {
  var hardState = HardState()
  /// The newest snapshot that was installed, or made by compaction.
  var snapshot: SnapshotMetadata
  /// The entries after `compacted`.
  var entries: [Entry] = []
  /// The newest state that could be made a snapshot, after every entry that was applied.
  var applied: SnapshotMetadata
  var compacted: LogIndex

  init(_ snapshot: SnapshotMetadata) {
    self.snapshot = snapshot
    applied = snapshot
    compacted = snapshot.position.index
  }

  var first: LogIndex { compacted.next }
  var last: LogIndex { entries.last?.index ?? compacted }

  mutating func save(_ output: Output) {
    if let saved = output.hardState { hardState = saved }
    if let installed = output.snapshot {
      snapshot = installed
      applied = installed
      compacted = installed.position.index
      entries = []
    }
    if let first = output.entries.first {
      entries.removeAll { $0.index >= first.index }
      entries += output.entries
    }
  }

  mutating func compact(through index: LogIndex) {
    compacted = index
    snapshot = applied
    entries.removeAll { $0.index <= index }
  }
}
