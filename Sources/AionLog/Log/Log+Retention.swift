public import AionModel

extension Log {
  /// Takes note of a snapshot that `SnapshotWriter.finish` has made durable.
  ///
  /// - Parameter pinned: Older snapshots that stay for now, because they are being sent.
  /// - Throws: `file`, when an older snapshot could not be removed.
  public func noteSnapshot(
    at index: LogIndex, keeping pinned: [LogIndex] = []
  ) throws(LogFault) {
    guard index > snapshotIndex else { return }
    snapshotIndex = index
    // It may stand where one was that did not hold.
    damagedSnapshots.removeAll { $0 == index }
    try snapshots.removeOlder(than: index, damaged: damagedSnapshots, keeping: pinned)
  }

  /// Removes, oldest first, whole segments that hold no entry at or after `index`.
  ///
  /// Entries that the newest whole snapshot does not cover are kept in any case. To be able to fall
  /// back to an older snapshot, give the index after which that one ends. The segments that stay
  /// repeat the hard state, durably, so none is lost.
  ///
  /// - Returns: the names of the segments removed.
  @discardableResult
  public func removeSegments(below index: LogIndex) throws(LogFault) -> [String] {
    // Without a segment to follow, the newest closed one is what the next continues.
    let removable = current == nil ? closed.dropLast() : closed[...]
    let doomed = removable.prefix { $0.last.index < index && $0.last.index <= snapshotIndex }
    guard !doomed.isEmpty else { return [] }
    do throws(FileError) {
      for segment in doomed {
        try directory.remove(segment.number.fileName)
        closed.removeFirst()
      }
      try directory.sync()
    } catch {
      throw .file(error)
    }
    return doomed.map(\.number.fileName)
  }
}
