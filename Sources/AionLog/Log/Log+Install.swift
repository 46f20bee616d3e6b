import AionModel
public import AionRaft

extension Log {
  /// Puts a snapshot of another replica in the place of the whole log, entries and all.
  ///
  /// A crash anywhere in it leaves a directory that opens either as it was before, or with the
  /// snapshot and nothing after it: once the snapshot has its name, a log that ends before it, or
  /// tells another history, is superseded by it (`Log.open`).
  ///
  /// On a full disk the log is not begun anew yet; the next append does it.
  ///
  /// - Parameter hardState: The newest; durable, with the commit index at least the snapshot's.
  /// - Throws: `poisoned`. Nothing may be acknowledged after it.
  public func install(
    _ snapshot: IncomingSnapshot<Directory>, hardState: HardState?
  ) throws(LogFault) {
    try checkNotPoisoned()
    // The new term and vote first: what was promised on them must not go with the old log.
    if let hardState {
      let promised = HardState(
        term: hardState.term, vote: hardState.vote, commit: self.hardState.commit)
      try append(hardState: promised)
      try sync()
    }
    do throws(LogFault) { try snapshot.putInPlace() } catch {
      guard case .file(let cause) = error else { throw error }
      throw poisoned(by: cause)
    }
    snapshotIndex = snapshot.id.position.index
    damagedSnapshots.removeAll { [snapshotIndex] in $0 == snapshotIndex }
    try startOver(after: snapshot.id.position)
  }

  /// Removes what an installed snapshot has superseded: the log begins anew, so nothing before it
  /// connects any more.
  ///
  /// - Throws: `file`; what stays takes room and does no harm.
  public func removeSuperseded() throws(LogFault) {
    guard superseded == nil else { return }
    do throws(FileError) {
      for segment in closed {
        try directory.remove(segment.number.fileName)
        closed.removeFirst()
      }
      try directory.sync()
    } catch {
      throw .file(error)
    }
    try snapshots.removeOlder(than: snapshotIndex, damaged: damagedSnapshots)
  }
}
