public import AionModel
import AionRaft

extension Log {
  /// Opens a data directory, or begins one that is empty, and takes its lock.
  ///
  /// A last batch that a crash left incomplete is dropped and reported; anything else that does
  /// not hold is refused, and the files stay as they are. With a `successor`, and others in the
  /// group, it is set aside instead, and what comes before it is kept: the replica then has
  /// promised nothing, under another incarnation (`GroupRecord.recovery`). A crash while opening
  /// changes no verdict.
  ///
  /// - Parameters:
  ///   - identity: whose directory it must be; written into an empty one.
  ///   - beginning: what a directory without a group record gets; nil writes none.
  ///   - successor: the incarnation that a damaged directory goes on as, never used before.
  ///   - now: for the header of a segment, for people.
  /// - Throws: `damaged`, with the place; `file`, when the system refuses (in use by another
  ///   process, read-only, not a directory, another owner); `diskFull`, for an empty directory
  ///   and for a damaged one only.
  public static func open(
    _ directory: Directory, as identity: LogIdentity, beginning: GroupRecord? = nil,
    successor: Incarnation? = nil, limits: LogLimits = LogLimits(), now: WallTime = .epoch
  ) throws(LogFault) -> (log: Log<Directory>, recovered: Recovered) {
    var opening = try LogOpening(directory, identity, limits, beginning, successor)
    return try opening.open(now: now)
  }

  /// Opens what is there as it is.
  static func open(
    _ opening: LogOpening<Directory>, now: WallTime
  ) throws(LogFault) -> (log: Log<Directory>, recovered: Recovered) {
    let (snapshot, damagedSnapshots) = try opening.newestSnapshot()
    var scan = try opening.scan(after: snapshot)
    let isCurrent = scan.recovery.reconcile(scan.sequence.last)
    let log = try opening.log(from: scan, damagedSnapshots.map(\.after), now: now)
    try log.resume(scan)
    if !isCurrent, let snapshot {
      // A log that ends before its snapshot, or tells another history, is superseded by it.
      try opening.snapshots.renew(snapshot.metadata.position.index)
      try log.startOver(after: snapshot.metadata.position)
    } else if log.current == nil {
      try log.beginSegmentIfThereIsRoom()
    }
    try log.renewNamesIfThereIsRoom()
    var report = scan.recovery.report
    report.damagedSnapshots = damagedSnapshots
    report.leftovers = opening.leftovers
    report.damagedRecords = opening.damagedRecords
    let recovered = Recovered(
      hardState: log.hardState, snapshot: snapshot, entries: scan.recovery.entries, report: report)
    return (log, recovered)
  }

  /// A full disk never stops a node from starting.
  private func beginSegmentIfThereIsRoom() throws(LogFault) {
    do throws(LogFault) { try beginSegment() } catch {
      guard case .diskFull = error else { throw error }
    }
  }

  private func renewNamesIfThereIsRoom() throws(LogFault) {
    do throws(LogFault) { try renewNames() } catch {
      guard case .diskFull = error else { throw error }
    }
  }

  /// Makes the names of all files durable, whatever has failed before this process.
  func renewNames() throws(LogFault) {
    do throws(FileError) {
      try directory.renewNames()
      try snapshots.directory.renewNames()
    } catch {
      throw error.kind == .noSpace ? LogFault(error) : poisoned(by: error)
    }
    hasOldNames = false
  }

  /// Makes the last segment ready to be written on.
  private func resume(_ scan: LogOpening<Directory>.Scan) throws(LogFault) {
    guard let tail = scan.tail else { return }
    do throws(FileError) {
      let file = try directory.open(tail.number.fileName, for: .updating)
      if tail.isEmptyFile {
        try directory.remove(tail.number.fileName)
        try directory.sync()
        return
      }
      if let torn = scan.recovery.report.tornTail { try file.wipe(torn.range) }
      try file.writeAgain(tail.syncedOffset..<max(tail.syncedOffset, tail.offset))
      if tail.isSealed {
        try file.truncate(to: tail.offset)
        try file.sync()
        return
      }
      try file.sync()
      current = OpenSegment(
        file: file, number: tail.number, offset: tail.offset, syncedOffset: tail.offset,
        zeroedEnd: max(tail.offset, try file.size()), chain: tail.chain, tally: tail.tally)
    } catch {
      throw LogFault(error)
    }
  }
}

extension LogFile {
  /// Writes what is there once more, so that the next sync is about it: a process before this one
  /// may have failed to sync it, and the system would not try again (it reads from its cache what
  /// never reached the disk).
  fileprivate func writeAgain(_ range: Range<ByteCount>) throws(FileError) {
    var bytes = [UInt8](repeating: 0, count: (range.upperBound - range.lowerBound).bytes)
    let count = try bytes.withMutableBytes { (buffer) throws(FileError) in
      try readFully(into: buffer, at: range.lowerBound)
    }
    do throws(IncompleteWrite) {
      try bytes.withBytes { (raw) throws(IncompleteWrite) in
        try writeAll(UnsafeRawBufferPointer(rebasing: raw[..<count.bytes]), at: range.lowerBound)
      }
    } catch {
      throw error.cause
    }
  }

  /// Makes a torn batch read as if it had never been begun.
  fileprivate func wipe(_ range: Range<ByteCount>) throws(FileError) {
    do throws(IncompleteWrite) { try writeZeros(range) } catch {
      guard error.cause.kind == .noSpace else { throw error.cause }
      try truncate(to: range.lowerBound)
    }
    try sync()
  }
}
