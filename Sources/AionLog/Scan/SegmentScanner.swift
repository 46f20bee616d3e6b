import AionModel

/// Reads one segment record by record in constant memory, believing nothing.
///
/// Recovery and the inspector share it. A record that does not hold ends the scan: by an error, or,
/// at the end of the last segment, by the verdict that a crash left it incomplete.
struct SegmentScanner<File: LogFile> {
  enum Record {
    case batch(PayloadHeader)
    case seal(SegmentSeal)
    /// What follows, if anything, reads as zeros.
    case end
    case torn(TornTail)
  }

  let name: String
  let header: SegmentHeader
  let limits: LogLimits
  /// Whether no segment follows; a crash tears only the last.
  let isLast: Bool
  let window: FileWindow<File>

  /// Where the next record begins.
  private(set) var offset = SegmentHeader.length
  /// Everything before was synced when the newest batch was written.
  private(set) var syncedOffset = SegmentHeader.length
  private(set) var chain: RecordChain
  private(set) var tally = SegmentTally()
  private(set) var seal: SegmentSeal?
  /// For damage reports: the newest index known to be whole.
  var lastWhole: LogIndex

  /// Proves the segment's header.
  ///
  /// - Parameter index: The newest index that is known to be whole.
  init(
    _ file: File, name: String, isLast: Bool, limits: LogLimits, after index: LogIndex
  ) throws(LogFault) {
    let window = FileWindow(file)
    let (header, bytes) = try Self.readHeader(window, name: name, after: index)
    self.name = name
    self.isLast = isLast
    self.limits = limits
    self.window = window
    self.header = header
    chain = RecordChain(segmentHeader: bytes, header.chain)
    lastWhole = header.base.index
  }

  static func readHeader(
    _ window: FileWindow<File>, name: String, after index: LogIndex = .zero
  ) throws(LogFault) -> (SegmentHeader, [UInt8]) {
    let length = HeaderFrame.maximumVersionedLength
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = [UInt8](try window.bytes(at: .zero, count: length))
    } catch {
      throw LogFault(reading: name, after: index, error)
    }
    do throws(LogDamage.Finding) {
      return try bytes.withBytes { (raw) throws(LogDamage.Finding) in
        let header = try SegmentHeader(decoding: raw)
        return (header, Array(bytes.prefix(SegmentHeader.length.bytes)))
      }
    } catch {
      throw .damaged(LogDamage(file: name, offset: .zero, after: index, finding: error))
    }
  }
}

// MARK: Records

extension SegmentScanner {
  /// The next record, proven as far as one record can be by itself and by the chain.
  mutating func next() throws(LogFault) -> Record {
    var failure: RecordFailure
    do throws(RecordFailure) { return try read() } catch { failure = error }
    // A writer may be in the middle of this very record: look again before judging.
    window.refresh()
    do throws(RecordFailure) { return try read() } catch { failure = error }
    switch failure {
    case .file(let error): throw LogFault(reading: name, at: offset, after: lastWhole, error)
    case .certain(let finding): throw damage(finding)
    case .finding(let finding, let record): return .torn(try judge(finding, record))
    }
  }

  func damage(_ finding: LogDamage.Finding) -> LogFault {
    .damaged(LogDamage(file: name, offset: offset, after: lastWhole, finding: finding))
  }

  private mutating func read() throws(RecordFailure) -> Record {
    let start = try bytes(PayloadHeader.length)
    if start.isEmpty { return .end }
    if seal != nil { return try readAfterSeal() }
    if start.isAllZero, try isZeroToTheEnd(from: offset) { return .end }
    return HeaderFrame.kind(of: start) == .seal
      ? .seal(try readSeal()) : .batch(try readBatch(start))
  }

  private mutating func readBatch(
    _ start: UnsafeRawBufferPointer
  ) throws(RecordFailure) -> PayloadHeader {
    let batch: PayloadHeader
    do throws(LogDamage.Finding) {
      batch = try PayloadHeader(decoding: start, .batch)
    } catch {
      throw .finding(error, record: offset..<(offset + ByteCount(PayloadHeader.length)))
    }
    do throws(LogDamage.Finding) {
      try batch.check(
        at: offset, tag: chain.tag, limits: limits, shortestRecord: BatchDecoder.shortestEntry)
    } catch {
      throw .certain(error)
    }
    let place = offset..<(offset + batch.totalLength)
    let record = try bytes(batch.totalLength.bytes)
    guard record.count == batch.totalLength.bytes else {
      throw .finding(.unfinished, record: place)
    }
    let headerLength = PayloadHeader.length + batch.padding
    guard UnsafeRawBufferPointer(rebasing: record[PayloadHeader.length..<headerLength]).isAllZero
    else { throw .finding(.nonZeroPadding, record: place) }
    let computed = chain.value(for: UnsafeRawBufferPointer(rebasing: record[headerLength...]))
    guard computed == batch.chain else {
      throw .finding(.payloadChecksum(stored: batch.chain, computed: computed), record: place)
    }
    chain.advance(to: record, batch.chain)
    tally.add(batch)
    offset = place.upperBound
    syncedOffset = batch.syncedOffset
    return batch
  }

  /// The data frame of the batch that `next` has just returned; valid until the next call.
  func frame(of batch: PayloadHeader) throws(LogFault) -> UnsafeRawBufferPointer {
    do throws(FileError) {
      let frameOffset = batch.offset + batch.totalLength - batch.frameLength
      return try window.bytes(at: frameOffset, count: batch.frameLength.bytes)
    } catch {
      throw LogFault(reading: name, at: batch.offset, after: lastWhole, error)
    }
  }

  private mutating func readSeal() throws(RecordFailure) -> SegmentSeal {
    let expected = tally.seal(at: offset, lastIndex: lastWhole, chain: chain)
    let place = offset..<(offset + expected.length)
    let record = try bytes(expected.length.bytes)
    let found: SegmentSeal
    do throws(LogDamage.Finding) {
      found = try SegmentSeal(decoding: record)
    } catch {
      throw .finding(error, record: place)
    }
    guard found == expected else { throw .certain(.sealDisagrees) }
    offset = place.upperBound
    seal = found
    return found
  }

  /// A seal is the last thing in a file; only a crash before the file was cut leaves zeros.
  private func readAfterSeal() throws(RecordFailure) -> Record {
    guard isLast, try isZeroToTheEnd(from: offset) else { throw .certain(.bytesAfterSeal) }
    return .end
  }

  func bytes(_ count: Int) throws(RecordFailure) -> UnsafeRawBufferPointer {
    try bytes(at: offset, count)
  }

  func bytes(at offset: ByteCount, _ count: Int) throws(RecordFailure) -> UnsafeRawBufferPointer {
    do throws(FileError) { return try window.bytes(at: offset, count: count) } catch {
      throw .file(error)
    }
  }

  func isZeroToTheEnd(from offset: ByteCount) throws(RecordFailure) -> Bool {
    var position = offset
    while true {
      let portion = try bytes(at: position, 1 << 16)
      if portion.isEmpty { return true }
      guard portion.isAllZero else { return false }
      position += ByteCount(portion.count)
    }
  }
}
