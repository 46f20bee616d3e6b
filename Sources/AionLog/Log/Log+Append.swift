import AionModel
public import AionRaft

extension Log {
  /// Writes what must not be forgotten; durable once `sync` has returned.
  ///
  /// Everything becomes one batch, recovered whole or not at all, unless it is over
  /// `LogLimits.maximumBatch`; then it becomes several, and a crash keeps a prefix of them.
  ///
  /// - Parameters:
  ///   - hardState: the new hard state, when it changed.
  ///   - entries: in order and without gaps, beginning at most one after `last`; those that begin
  ///     at or before it replace what stands there. Never at or before the commit index.
  /// - Throws: `diskFull` and `entryTooLarge`, after which the log is as it was before;
  ///   `poisoned` for any other failure.
  public func append(hardState: HardState? = nil, entries: [Entry] = []) throws(LogFault) {
    guard hardState != nil || !entries.isEmpty else { return }
    try checkNotPoisoned()
    if hasOldNames { try renewNames() }
    checkOrder(of: entries)
    let pieces = try pieces(of: entries)
    try makeRoom(for: hardState, pieces[0])
    let before = current
    for piece in pieces {
      do throws(LogFault) {
        try write(hardState?.clamped(to: piece.last?.index ?? last.index), piece)
      } catch {
        try cutBack(to: before, after: error)
        throw error
      }
    }
    if let final = entries.last {
      last = final.position
      newestTime = max(newestTime, final.proposedAt)
    }
    if let hardState { self.hardState = hardState }
  }

  /// Makes everything appended so far survive a loss of power.
  ///
  /// - Throws: `poisoned`; what was appended since the last sync may be there or not.
  public func sync() throws(LogFault) {
    try checkNotPoisoned()
    guard let segment = current, segment.syncedOffset < segment.offset else { return }
    do throws(FileError) { try segment.file.sync() } catch { throw poisoned(by: error) }
    current?.syncedOffset = segment.offset
  }

  func checkNotPoisoned() throws(LogFault) {
    if let poison { throw .poisoned(by: poison) }
  }

  func poisoned(by error: FileError) -> LogFault {
    poison = error
    return .poisoned(by: error)
  }

  private func checkOrder(of entries: [Entry]) {
    guard let first = entries.first else { return }
    precondition(first.index <= last.index.next, "entry \(first.index) after \(last.index)")
    precondition(
      first.index > hardState.commit, "entry \(first.index) overwrites commit \(hardState.commit)")
    precondition(
      first.index > snapshotIndex, "entry \(first.index) is in the snapshot to \(snapshotIndex)")
    var expected = first.index
    for entry in entries {
      precondition(entry.index == expected, "entry \(entry.index) where \(expected) should be")
      expected = expected.next
    }
  }
}

// MARK: One batch

extension Log {
  /// Cuts entries into runs that each fit a batch; usually one.
  private func pieces(of entries: [Entry]) throws(LogFault) -> [ArraySlice<Entry>] {
    var pieces: [ArraySlice<Entry>] = []
    var start = 0
    var size = HardState.longestEncoding
    for (place, entry) in entries.enumerated() {
      let length = entry.longestEncoding
      guard length + HardState.longestEncoding <= limits.maximumBatch.bytes else {
        throw .entryTooLarge(
          index: entry.index, size: ByteCount(length), limit: limits.maximumBatch)
      }
      if size + length > limits.maximumBatch.bytes {
        pieces.append(entries[start..<place])
        start = place
        size = HardState.longestEncoding
      }
      size += length
    }
    return pieces + [entries[start...]]
  }

  /// Begins another segment when this one is full or there is none.
  private func makeRoom(
    for hardState: HardState?, _ entries: ArraySlice<Entry>
  ) throws(LogFault) {
    try finishStartingOver()
    guard let segment = current else { return try beginSegment() }
    guard segment.offset >= limits.segmentSize else { return }
    try rotate()
  }

  private func write(_ hardState: HardState?, _ entries: ArraySlice<Entry>) throws(LogFault) {
    guard var segment = current else { return }
    guard let packed = encoder.pack(hardState: hardState, entries: entries) else {
      throw poisoned(by: FileError(.io(12), .write, path: segment.file.path))
    }
    let header = PayloadHeader(
      frameLength: ByteCount(packed.frameLength), unpackedLength: ByteCount(packed.unpackedLength),
      firstIndex: entries.first?.index ?? last.index.next, count: entries.count,
      hasHardState: hardState != nil, holdsRawBlocks: packed.frameLength > packed.unpackedLength,
      offset: segment.offset, syncedOffset: segment.syncedOffset,
      chain: segment.chain.value(for: encoder.frame(packed.frameLength)), tag: segment.chain.tag)
    let record = encoder.record(.batch, header)
    growZeros(of: &segment, past: segment.offset + header.totalLength)
    do throws(IncompleteWrite) { try segment.file.writeAll(record, at: segment.offset) } catch {
      throw error.cause.kind == .noSpace
        ? .diskFull(path: error.cause.path) : poisoned(by: error.cause)
    }
    segment.chain.advance(to: record, header.chain)
    segment.tally.add(header)
    segment.offset += header.totalLength
    segment.zeroedEnd = max(segment.zeroedEnd, segment.offset)
    current = segment
  }

  /// Zero-writes ahead of a batch that reaches past what is zero-written.
  ///
  /// Only for speed: where it fails, what it wrote is taken away and the batch is a plain append.
  private func growZeros(of segment: inout OpenSegment<Directory.File>, past end: ByteCount) {
    guard limits.preallocation > .zero, end > segment.zeroedEnd else { return }
    let target = min(end + limits.growth, max(limits.segmentSize, end))
    guard target > end else { return }
    do throws(IncompleteWrite) {
      try segment.file.writeZeros(end..<target)
      segment.zeroedEnd = target
    } catch {
      try? segment.file.truncate(to: segment.zeroedEnd)
    }
  }

  /// Takes away what a refused append may have left behind.
  ///
  /// Synced before anything is written in its place: of what was begun, cut off and written over a
  /// crash could keep a bit of each, which looks like damage.
  private func cutBack(
    to before: OpenSegment<Directory.File>?, after error: LogFault
  ) throws(LogFault) {
    guard case .diskFull = error, var segment = before else { return }
    do throws(FileError) {
      try segment.file.truncate(to: segment.offset)
      try segment.file.sync()
    } catch {
      throw poisoned(by: error)
    }
    segment.zeroedEnd = segment.offset
    segment.syncedOffset = segment.offset
    current = segment
  }
}

extension HardState {
  /// In a batch of several, the commit index may not pass the entries written so far.
  fileprivate func clamped(to index: LogIndex) -> HardState {
    var clamped = self
    clamped.commit = min(commit, index)
    return clamped
  }
}
