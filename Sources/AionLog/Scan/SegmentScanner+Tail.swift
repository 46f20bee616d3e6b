import AionModel

// The rule of Docs/LogFormat.md, "Opening a directory": a record of the last segment that does not
// hold was torn by a crash when whole sectors of it were never written, and nothing after it was
// written in the knowledge that it was durable. Everything else is damage.

extension SegmentScanner {
  private static var sector: Int { 512 }

  /// The verdict on a record that does not hold.
  func judge(
    _ finding: LogDamage.Finding, _ record: Range<ByteCount>
  ) throws(LogFault) -> TornTail {
    guard isLast else { throw damage(finding) }
    do throws(RecordFailure) {
      guard try lacksSector(in: record) else { throw .certain(finding) }
      if let later = try batchWrittenAfterSync() {
        throw .certain(.validBatchFollows(at: later))
      }
      return TornTail(
        file: name, range: offset..<(try endOfContent()), after: lastWhole, finding: finding)
    } catch {
      switch error {
      case .file(let error): throw LogFault(reading: name, at: offset, after: lastWhole, error)
      case .certain(let finding), .finding(let finding, _): throw damage(finding)
      }
    }
  }

  /// Where a later batch stands that was written when this record was durable already.
  private func batchWrittenAfterSync() throws(RecordFailure) -> ByteCount? {
    var position = offset + ByteCount(PayloadHeader.unit)
    while true {
      let portion = try bytes(at: position, PayloadHeader.length)
      guard portion.count == PayloadHeader.length else { return nil }
      if HeaderFrame.kind(of: portion) == .batch,
        let batch = try? PayloadHeader(decoding: portion, .batch),
        batch.tag == chain.tag, batch.offset == position, batch.syncedOffset > offset
      {
        return position
      }
      position += ByteCount(PayloadHeader.unit)
    }
  }

  /// Whether the file ends inside the record, or one of its sectors reads as zeros.
  private func lacksSector(in record: Range<ByteCount>) throws(RecordFailure) -> Bool {
    let content = try bytes(at: record.lowerBound, (record.upperBound - record.lowerBound).bytes)
    guard content.count == (record.upperBound - record.lowerBound).bytes else { return true }
    var position = 0
    while position < content.count {
      let inSector = (record.lowerBound.bytes + position) % Self.sector
      let end = min(position + Self.sector - inSector, content.count)
      if UnsafeRawBufferPointer(rebasing: content[position..<end]).isAllZero { return true }
      position = end
    }
    return false
  }

  private func endOfContent() throws(RecordFailure) -> ByteCount {
    var position = offset
    var end = offset
    while true {
      let portion = try bytes(at: position, 1 << 16)
      if portion.isEmpty { return end }
      if let last = portion.lastIndex(where: { $0 != 0 }) { end = position + ByteCount(last + 1) }
      position += ByteCount(portion.count)
    }
  }
}
