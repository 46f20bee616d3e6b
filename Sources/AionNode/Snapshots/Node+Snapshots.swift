public import AionLog
import AionModel
public import AionRaft

extension Node {
  /// Asks for a snapshot of what is applied, unless one is being written.
  ///
  /// - Returns: false when one is under way or nothing was applied since the newest.
  @discardableResult
  public mutating func requestSnapshot(effects: inout Effects<Machine>) -> Bool {
    guard !isWritingSnapshot, !isGroupUnsaved, applied > snapshotIndex,
      let term = raft.term(at: applied)
    else {
      return false
    }
    isWritingSnapshot = true
    sizeSinceSnapshot = .zero
    let metadata = SnapshotMetadata(
      position: LogPosition(term: term, index: applied), membership: raft.membership)
    effects.work.append(.snapshot(machine.view, metadata))
    return true
  }

  mutating func askForSnapshotIfDue(effects: inout Effects<Machine>) {
    if sizeSinceSnapshot >= options.snapshotAfter { requestSnapshot(effects: &effects) }
  }

  /// Takes note of how writing a snapshot ended, and deletes what a durable one makes superfluous.
  ///
  /// The newest `keptEntries` below it stay in memory. Of the log goes what the snapshot *before*
  /// covers: should the newest not hold one day, the one before still connects.
  public mutating func snapshotEnded(
    _ outcome: Result<SnapshotMetadata, LogFault>, effects: inout Effects<Machine>
  ) {
    isWritingSnapshot = false
    guard case .success(let metadata) = outcome, fault == nil else { return }
    let index = metadata.position.index
    let before = log.snapshotIndex
    raft.snapshotTaken(metadata)
    let kept = LogIndex(index.rawValue - min(index.rawValue, keptEntries))
    // What follows a snapshot on its way spares its receiver another one.
    raft.compact(through: min(kept, raft.oldestSnapshotOnItsWay ?? kept))
    do throws(LogFault) {
      try log.noteSnapshot(at: index, keeping: pinnedSnapshots)
      try log.removeSegments(below: before.next)
    } catch {
      // Files that could not be deleted take room and do no harm; the next snapshot tries again.
      effects.warnings.append(error)
    }
  }

  private var keptEntries: UInt64 { UInt64(max(0, options.keptEntries)) }
}
