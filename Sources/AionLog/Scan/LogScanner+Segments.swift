import AionModel

let logDirectoryName = "log"

extension LogScanner {
  /// Opens the next segment and holds its header against the one before.
  mutating func beginSegment() throws(LogFault) -> LogEvent? {
    guard let number = waiting.popLast() else { return nil }
    let name = logDirectoryName + "/" + number.fileName
    let file: Directory.File
    do throws(FileError) {
      file = try directory.open(number.fileName, for: .reading)
    } catch {
      // A running writer may remove its oldest segments while they are looked at.
      if error.kind == .notFound, sequence.isAtStart { return try beginSegment() }
      throw .file(error)
    }
    let isLast = number == newest
    if isLast, let tail = try emptySegment(file, name) { return .torn(tail) }
    var scanner = try SegmentScanner(
      file, name: name, isLast: isLast, limits: limits, after: sequence.last.index)
    do throws(LogDamage.Finding) {
      try check(scanner.header, named: number)
      try sequence.begin(scanner.header)
    } catch {
      throw .damaged(
        LogDamage(file: name, offset: .zero, after: sequence.last.index, finding: error))
    }
    scanner.lastWhole = sequence.last.index
    segment = scanner
    return .segment(name: name, header: scanner.header)
  }

  private func check(
    _ header: SegmentHeader, named number: SegmentNumber
  ) throws(LogDamage.Finding) {
    guard header.identity.cluster == owner.cluster else {
      throw .foreignCluster(found: header.identity.cluster, expected: owner.cluster)
    }
    guard header.identity.replica == owner.replica else {
      throw .foreignReplica(found: header.identity.replica, expected: owner.replica)
    }
    guard header.number == number else { throw .misnamed(written: header.number.fileName) }
  }

  /// The last segment when it has nothing in it at all: nothing was ever written to it.
  private func emptySegment(
    _ file: Directory.File, _ name: String
  ) throws(LogFault) -> TornTail? {
    let window = FileWindow(file)
    do throws(FileError) {
      var position = ByteCount.zero
      while true {
        let portion = try window.bytes(at: position, count: 1 << 16)
        if portion.isEmpty { break }
        guard portion.isAllZero else { return nil }
        position += ByteCount(portion.count)
      }
    } catch {
      throw LogFault(reading: name, after: sequence.last.index, error)
    }
    return TornTail(
      file: name, range: .zero ..< .zero, after: sequence.last.index, finding: .unfinished)
  }

  /// Leaves out the oldest segments when a later one begins at or before `index` + 1.
  ///
  /// Everything they hold is then in the snapshot that ends at `index`.
  mutating func dropSegments(before index: LogIndex) throws(LogFault) {
    guard index > .zero else { return }
    var newer: SegmentHeader?
    for place in waiting.indices {
      guard let header = try? header(of: waiting[place]) else { return }
      if let newer, newer.base.index <= index {
        skip(waiting[place...], before: newer)
        return
      }
      newer = header
    }
  }

  /// What is known of a segment that is not read is what the next one says of it.
  private mutating func skip(_ older: ArraySlice<SegmentNumber>, before newer: SegmentHeader) {
    skipped = older.reversed().map {
      ClosedSegment(number: $0, last: newer.base, chain: newer.chain)
    }
    waiting.removeSubrange(older.startIndex...)
  }

  private func header(of number: SegmentNumber) throws(LogFault) -> SegmentHeader {
    let file: Directory.File
    do throws(FileError) {
      file = try directory.open(number.fileName, for: .reading)
    } catch {
      throw .file(error)
    }
    let window = FileWindow(file, readSize: .kibibytes(4))
    return try SegmentScanner.readHeader(window, name: number.fileName).0
  }
}
