import AionModel
import AionRaft

extension LogOpening {
  /// Reads the log from the snapshot on.
  func scan(after snapshot: SnapshotDescription?) throws(LogFault) -> Scan {
    let covered = snapshot?.metadata.position.index ?? .zero
    var scanner = try LogScanner(root, owner: identity.owner, limits: limits, after: covered)
    var scan = Scan(
      recovery: Recovery(after: snapshot), sequence: scanner.sequence,
      closed: scanner.skipped, tail: nil, newestTime: .epoch)
    while let event = try scanner.next() {
      try scan.recovery.accept(event)
      switch event {
      case .segment(_, let header):
        scan.newestTime = max(scan.newestTime, header.createdAt)
      case .batch(_, let batch):
        scan.newestTime = max(scan.newestTime, batch.entries.last?.proposedAt ?? .epoch)
      case .seal: break
      case .segmentEnd:
        if let ended = scanner.ended { scan.note(ended, scanner.sequence.last) }
      case .torn(let torn):
        scan.tail = tail(torn, scanner.ended)
      }
    }
    scan.sequence = scanner.sequence
    if scan.recovery.report.segments == 0, !mayLackSegments(after: covered) {
      throw .damaged(
        LogDamage(
          file: logDirectoryName, offset: .zero, after: covered,
          finding: .segmentMissing(named: "the newest")))
    }
    return scan
  }

  /// A snapshot is taken of what is in the log, and the newest segment is never removed; one that
  /// knows its group has had a log. What is left of a damaged log may be nothing.
  private func mayLackSegments(after covered: LogIndex) -> Bool {
    guard group?.recovery == nil else { return true }
    return covered == .zero && !(isRepairable && group?.hasPromised == true)
  }

  private func tail(_ torn: TornTail, _ ended: SegmentScanner<Directory.File>?) -> Tail? {
    if let ended, ended.name == torn.file { return Scan.tail(ended) }
    guard let number = SegmentNumber(fileName: String(torn.file.suffix(24))) else { return nil }
    return Tail(
      number: number, offset: .zero, syncedOffset: .zero, isSealed: false, isEmptyFile: true,
      chain: RecordChain(segmentHeader: Array(repeating: 0, count: 128), 0),
      tally: SegmentTally())
  }

  func log(
    from scan: Scan, _ damagedSnapshots: [LogIndex], now: WallTime
  ) throws(LogFault) -> Log<Directory> {
    guard let encoder = BatchEncoder() else {
      throw .file(FileError(.io(12), .open, path: root.path))
    }
    let snapshotIndex = scan.recovery.snapshot?.metadata.position.index ?? .zero
    return Log(
      logDirectory, lock, identity, limits, encoder, snapshots,
      .init(
        last: scan.sequence.last, hardState: scan.sequence.hardState,
        snapshotIndex: snapshotIndex, damagedSnapshots: damagedSnapshots, closed: scan.closed,
        newestTime: max(scan.newestTime, now)), root: root, group: group)
  }
}

extension LogOpening.Scan {
  fileprivate mutating func note(
    _ ended: SegmentScanner<Directory.File>, _ last: LogPosition
  ) {
    let isSealed = ended.seal != nil
    if isSealed {
      closed.append(
        ClosedSegment(number: ended.header.number, last: last, chain: ended.chain.value))
    }
    if ended.isLast { tail = Self.tail(ended) }
  }

  fileprivate static func tail(
    _ ended: SegmentScanner<Directory.File>
  ) -> LogOpening.Tail {
    LogOpening.Tail(
      number: ended.header.number, offset: ended.offset, syncedOffset: ended.syncedOffset,
      isSealed: ended.seal != nil, isEmptyFile: false, chain: ended.chain, tally: ended.tally)
  }
}
