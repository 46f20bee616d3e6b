public import AionModel
import AionRaft

/// What a segment is called while it is prepared by another thread, and by the log itself.
let preparedAheadName = "ahead"
let preparedInlineName = "next"

/// A file that will become a segment: zero-written and synced, under a temporary name.
public struct PreparedSegment<Directory: LogDirectory>: Sendable {
  let file: Directory.File
  let temporaryName: String
  let size: ByteCount
}

/// Prepares a segment; may run in another thread while the log is written.
public struct SegmentPreparation<Directory: LogDirectory>: Sendable {
  let directory: Directory
  let temporaryName: String
  let size: ByteCount

  /// Zero-writes and syncs the file.
  ///
  /// - Throws: `FileError`; the log then prepares its next segment itself, when it needs it.
  public func run() throws(FileError) -> PreparedSegment<Directory> {
    let file = try directory.create(temporaryName)
    do throws(FileError) {
      do throws(IncompleteWrite) { try file.writeZeros(.zero..<size) } catch { throw error.cause }
      try file.sync()
    } catch {
      try? directory.remove(temporaryName)
      throw error
    }
    return PreparedSegment(file: file, temporaryName: temporaryName, size: size)
  }
}

extension Log {
  /// Whether so little is left of the current segment that the next should be prepared.
  public var isNextSegmentDue: Bool {
    guard let current else { return false }
    return current.offset.bytes * 2 >= limits.segmentSize.bytes
  }

  /// The job of preparing the next segment, when it is time for it; hand its result to `adopt`.
  ///
  /// Nil while one is prepared or being prepared, and where nothing is preallocated.
  public func nextPreparation() -> SegmentPreparation<Directory>? {
    guard limits.preallocation > .zero, prepared == nil, !isPreparing, poison == nil else {
      return nil
    }
    isPreparing = true
    return SegmentPreparation(
      directory: directory, temporaryName: preparedAheadName + Directory.temporaryExtension,
      size: min(limits.preallocation, limits.segmentSize))
  }

  /// Takes the outcome of a preparation; nil when it failed.
  public func adopt(_ segment: PreparedSegment<Directory>?) {
    isPreparing = false
    prepared = segment
  }

  /// Closes the current segment and begins the next.
  ///
  /// The next file is written and synced before the current one is sealed, so that a full disk is
  /// noticed while nothing has changed. A crash in between leaves a sealed last segment.
  func rotate() throws(LogFault) {
    guard let closing = current else { return try beginSegment() }
    let next = try writeNextSegment(
      after: ClosedSegment(number: closing.number, last: last, chain: closing.chain.value),
      startingOver: false)
    try seal(closing, abandoning: next)
    try install(next)
  }

  /// Begins a segment after the closed ones.
  func beginSegment() throws(LogFault) {
    try install(try writeNextSegment(after: closed.last, startingOver: false))
  }

  /// Begins the log anew after a snapshot that supersedes all its entries.
  ///
  /// On a full disk that is put off until the next append; the snapshot supersedes the old entries
  /// all the same, also at the next opening.
  ///
  /// - Precondition: the snapshot is durable and `position` is where it ends.
  public func startOver(after position: LogPosition) throws(LogFault) {
    try checkNotPoisoned()
    precondition(
      position.index <= snapshotIndex, "no snapshot to \(position.index), only \(snapshotIndex)")
    superseded = superseded ?? last
    last = position
    hardState.commit = max(hardState.commit, position.index)
    if hardState.term < position.term {
      (hardState.term, hardState.vote) = (position.term, nil)
    }
    do throws(LogFault) { try finishStartingOver() } catch {
      guard case .diskFull = error else { throw error }
    }
  }

  /// Closes what a snapshot has superseded and begins the segment after it.
  func finishStartingOver() throws(LogFault) {
    guard let end = superseded else { return }
    let previous =
      current.map { ClosedSegment(number: $0.number, last: end, chain: $0.chain.value) }
      ?? closed.last
    let next = try writeNextSegment(after: previous, startingOver: true)
    if let closing = current { try seal(closing, lastIndex: end.index, abandoning: next) }
    try install(next)
    superseded = nil
  }
}

// MARK: Steps

/// A segment that has its header and not yet its name.
struct NextSegment<Directory: LogDirectory> {
  var segment: OpenSegment<Directory.File>
  var temporaryName: String
}

extension Log {
  private func writeNextSegment(
    after previous: ClosedSegment?, startingOver: Bool
  ) throws(LogFault) -> NextSegment<Directory> {
    let number = SegmentNumber(
      rawValue: max(last.index.next.rawValue, (previous?.number.rawValue ?? 0) + 1))
    let header = SegmentHeader(
      identity: identity.owner, number: number, previous: previous?.number, base: last,
      startsOver: startingOver, chain: previous?.chain ?? 0, createdAt: newestTime,
      hardState: hardState)
    let file = try takePreparedSegment()
    let bytes = header.encoded()
    do throws(FileError) {
      do throws(IncompleteWrite) {
        try bytes.withBytes { (raw) throws(IncompleteWrite) in
          try file.file.writeAll(raw, at: .zero)
        }
      } catch {
        throw error.cause
      }
      try file.file.sync()
    } catch {
      try? directory.remove(file.temporaryName)
      throw refusal(error)
    }
    let segment = OpenSegment(
      file: file.file, number: number, offset: SegmentHeader.length,
      syncedOffset: SegmentHeader.length, zeroedEnd: max(file.size, SegmentHeader.length),
      chain: RecordChain(segmentHeader: bytes, header.chain), tally: SegmentTally())
    return NextSegment(segment: segment, temporaryName: file.temporaryName)
  }

  private func takePreparedSegment() throws(LogFault) -> PreparedSegment<Directory> {
    if let prepared {
      self.prepared = nil
      return prepared
    }
    let name = preparedInlineName + Directory.temporaryExtension
    let isPreallocating = limits.preallocation > .zero
    let size = isPreallocating ? min(limits.growth, limits.segmentSize) : .zero
    do throws(FileError) {
      return try SegmentPreparation(directory: directory, temporaryName: name, size: size).run()
    } catch {
      guard error.kind == .noSpace, isPreallocating else { throw refusal(error) }
    }
    do throws(FileError) {
      return try SegmentPreparation(directory: directory, temporaryName: name, size: .zero).run()
    } catch {
      throw refusal(error)
    }
  }

  private func seal(
    _ closing: OpenSegment<Directory.File>, lastIndex: LogIndex? = nil,
    abandoning next: NextSegment<Directory>
  ) throws(LogFault) {
    let seal = closing.tally.seal(
      at: closing.offset, lastIndex: lastIndex ?? last.index, chain: closing.chain)
    do throws(IncompleteWrite) {
      try seal.encoded().withBytes { (bytes) throws(IncompleteWrite) in
        try closing.file.writeAll(bytes, at: closing.offset)
      }
    } catch {
      try? directory.remove(next.temporaryName)
      guard error.cause.kind == .noSpace else { throw poisoned(by: error.cause) }
      do throws(FileError) { try closing.file.truncate(to: closing.offset) } catch {
        throw poisoned(by: error)
      }
      current?.zeroedEnd = closing.offset
      throw .diskFull(path: error.cause.path)
    }
    do throws(FileError) {
      try closing.file.truncate(to: closing.offset + seal.length)
      try closing.file.sync()
    } catch {
      throw poisoned(by: error)
    }
    closed.append(
      ClosedSegment(
        number: closing.number, last: LogPosition(term: last.term, index: seal.lastIndex),
        chain: closing.chain.value))
    current = nil
  }

  private func install(_ next: NextSegment<Directory>) throws(LogFault) {
    do throws(FileError) {
      try directory.rename(next.temporaryName, to: next.segment.number.fileName)
      try directory.sync()
    } catch {
      throw refusal(error)
    }
    current = next.segment
  }

  /// Room can be made; anything else poisons.
  private func refusal(_ error: FileError) -> LogFault {
    error.kind == .noSpace ? .diskFull(path: error.path) : poisoned(by: error)
  }
}
