public import AionModel

/// What stands in a log, in order.
public enum LogEvent: Sendable {
  case segment(name: String, header: SegmentHeader)
  case batch(PayloadHeader, LogBatch)
  case seal(SegmentSeal)
  /// The end of a segment's records; `size` is the file's, preallocation included.
  case segmentEnd(offset: ByteCount, size: ByteCount)
  /// The last thing there is: a crash left it incomplete.
  case torn(TornTail)
}

/// Reads a log from its files, in constant memory, without a lock, changing nothing.
///
/// Records are proven one by one and against each other. Also works beside a running writer.
public struct LogScanner<Directory: LogDirectory> {
  let directory: Directory
  let owner: SegmentHeader.Owner
  let limits: LogLimits
  private let decoder: BatchDecoder
  /// What is still to be read, oldest last.
  var waiting: [SegmentNumber]
  let newest: SegmentNumber?
  /// Older segments that were left out, oldest first.
  var skipped: [ClosedSegment] = []
  var segment: SegmentScanner<Directory.File>?
  /// The segment whose end was reached last.
  private(set) var ended: SegmentScanner<Directory.File>?
  var sequence: LogSequence

  /// - Parameters:
  ///   - directory: the data directory.
  ///   - index: entries up to here are of no interest, so segments that hold no other are not read.
  public init(
    _ directory: Directory, owner: SegmentHeader.Owner, limits: LogLimits = LogLimits(),
    after index: LogIndex = .zero
  ) throws(LogFault) {
    guard let decoder = BatchDecoder() else {
      throw .file(FileError(.io(12), .read, path: directory.path))
    }
    self.decoder = decoder
    self.owner = owner
    self.limits = limits
    sequence = LogSequence()
    let numbers: [SegmentNumber]
    do throws(FileError) {
      self.directory = try directory.directory(logDirectoryName, creating: false)
      numbers = try self.directory.names().compactMap(SegmentNumber.init(fileName:)).sorted()
    } catch {
      throw .file(error)
    }
    newest = numbers.last
    waiting = numbers.reversed()
    try dropSegments(before: index)
  }

  /// The next thing in the log, or nil at its end.
  public mutating func next() throws(LogFault) -> LogEvent? {
    guard segment != nil else { return try beginSegment() }
    switch try nextRecord() {
    case .batch(let header): return try batch(header)
    case .seal(let seal): return .seal(seal)
    case .end: return try endSegment()
    case .torn(let tail):
      ended = segment
      segment = nil
      return .torn(tail)
    }
  }
}

extension LogScanner {
  private mutating func nextRecord() throws(LogFault) -> SegmentScanner<Directory.File>.Record {
    guard let record = try segment?.next() else { return .end }
    return record
  }

  private mutating func batch(_ header: PayloadHeader) throws(LogFault) -> LogEvent {
    guard let scanner = segment else { return .batch(header, LogBatch()) }
    let frame = try scanner.frame(of: header)
    do throws(LogDamage.Finding) {
      let batch = try decoder.decode(frame, header)
      try sequence.accept(header, batch)
      segment?.lastWhole = sequence.last.index
      return .batch(header, batch)
    } catch {
      throw .damaged(
        LogDamage(
          file: scanner.name, offset: header.offset, after: sequence.last.index, finding: error))
    }
  }

  private mutating func endSegment() throws(LogFault) -> LogEvent? {
    guard let ending = segment else { return nil }
    if !ending.isLast, ending.seal == nil { throw ending.damage(.sealMissing) }
    sequence.end(ending.chain.value)
    ended = ending
    segment = nil
    do throws(FileError) {
      return .segmentEnd(offset: ending.offset, size: try ending.window.file.size())
    } catch {
      throw .file(error)
    }
  }
}
