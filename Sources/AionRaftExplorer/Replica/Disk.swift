package import AionModel
package import AionRaft

/// What a replica finds after a crash.
package struct Disk: Hashable, Sendable {
  package private(set) var hardState = HardState()
  package private(set) var snapshot: SnapshotMetadata
  /// The entries after the snapshot.
  package private(set) var entries: [Entry] = []
  /// A newer commit index that was written and not synced: a crash loses it.
  private var unsynced: HardState?

  package init(_ snapshot: SnapshotMetadata) { self.snapshot = snapshot }

  package var last: LogPosition { entries.last?.position ?? snapshot.position }

  mutating func save(_ output: Output) {
    if let saved = output.hardState { unsynced = saved }
    if let installed = output.snapshot {
      snapshot = installed
      entries = []
    }
    if let first = output.entries.first {
      entries.removeLast(entries.count - place(of: first.index))
      entries += output.entries
    }
    if output.isDurable, let saved = unsynced {
      hardState = saved
      unsynced = nil
    }
  }

  mutating func losePower() { unsynced = nil }

  /// The state machine has been saved as it was after a position; entries before that may go.
  mutating func save(_ newer: SnapshotMetadata) {
    entries.removeFirst(min(entries.count, place(of: newer.position.index.next)))
    snapshot = newer
  }

  /// Whether an entry would be found after a crash; what a snapshot covers was committed.
  package func holds(_ position: LogPosition) -> Bool {
    guard position.index > snapshot.position.index else { return true }
    let place = place(of: position.index)
    return place < entries.count && entries[place].term == position.term
  }

  private func place(of index: LogIndex) -> Int { snapshot.position.index.next.distance(to: index) }
}

extension Output {
  /// Whether completing this output includes a sync.
  var isDurable: Bool { requiresSync || snapshot != nil }
}
