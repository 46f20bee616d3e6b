import AionModel
import AionRaft

/// Reads one snapshot, a chunk at a time, in memory of one chunk; believes nothing.
public struct SnapshotReader<Directory: LogDirectory> {
  public let description: SnapshotDescription
  /// Set once every chunk has been read and the totals were found to hold.
  public private(set) var footer: SnapshotFooter?

  private let name: String
  private let index: LogIndex
  private let limits: LogLimits
  private let window: FileWindow<Directory.File>
  private let decoder: BatchDecoder
  /// Where the next record begins: everything before is proven.
  private(set) var offset: ByteCount
  private var chain: RecordChain
  private var chunks = 0
  private var records = 0
  private var unpackedBytes = ByteCount.zero
  private var frameBytes = ByteCount.zero

  /// - Parameter fileName: Another name than that of a snapshot that counts.
  init(
    _ store: SnapshotStore<Directory>, _ index: LogIndex, name fileName: String? = nil
  ) throws(LogFault) {
    let fileName = fileName ?? SnapshotStore<Directory>.fileName(index)
    name = SnapshotStore<Directory>.relativePath(fileName)
    self.index = index
    limits = store.limits
    guard let decoder = BatchDecoder() else {
      throw .file(FileError(.io(12), .read, path: name))
    }
    self.decoder = decoder
    let header: [UInt8]
    do throws(FileError) {
      let file = try store.directory.open(fileName, for: .reading)
      window = FileWindow(file)
      header = try Self.headerBytes(window)
    } catch {
      throw LogFault(reading: name, after: index, error)
    }
    do throws(LogDamage.Finding) {
      let decoded = try header.withBytes { (bytes) throws(LogDamage.Finding) in
        try SnapshotHeader(decoding: bytes)
      }
      try Self.check(decoded, store.owner, index)
      description = decoded.description
    } catch {
      throw .damaged(LogDamage(file: name, offset: .zero, after: index, finding: error))
    }
    offset = ByteCount(header.count)
    chain = RecordChain(segmentHeader: header, 0)
  }

  private static func headerBytes(
    _ window: FileWindow<Directory.File>
  ) throws(FileError) -> [UInt8] {
    let start = try window.bytes(at: .zero, count: HeaderFrame.prefixLength)
    let length = (try? HeaderFrame.statedLength(start)) ?? HeaderFrame.prefixLength
    return [UInt8](try window.bytes(at: .zero, count: length))
  }

  private static func check(
    _ header: SnapshotHeader, _ owner: SegmentHeader.Owner, _ index: LogIndex
  ) throws(LogDamage.Finding) {
    guard header.owner.cluster == owner.cluster else {
      throw .foreignCluster(found: header.owner.cluster, expected: owner.cluster)
    }
    let written = header.description.metadata.position.index
    guard written == index else {
      throw .misnamed(written: SnapshotStore<Directory>.fileName(written))
    }
  }
}

extension SnapshotReader {
  /// The next chunk's records, or nil after the last, when `footer` is set.
  public mutating func next() throws(LogFault) -> [UInt8]? {
    guard let header = try nextHeader() else { return nil }
    let start = header.offset + header.totalLength - header.frameLength
    do throws(LogDamage.Finding) {
      let frame = try window.finding(at: start, count: header.frameLength.bytes)
      return [UInt8](try decoder.unpack(frame, header.unpackedLength))
    } catch {
      throw damage(error)
    }
  }

  /// Proves the next chunk without unpacking it.
  mutating func nextHeader() throws(LogFault) -> PayloadHeader? {
    guard footer == nil else { return nil }
    do throws(LogDamage.Finding) {
      let start = try window.finding(at: offset, count: PayloadHeader.length)
      if HeaderFrame.kind(of: start) == .footer {
        footer = try readFooter()
        return nil
      }
      return try readChunk(start)
    } catch {
      throw damage(error)
    }
  }

  func damage(_ finding: LogDamage.Finding) -> LogFault {
    .damaged(LogDamage(file: name, offset: offset, after: index, finding: finding))
  }

  private mutating func readChunk(
    _ start: UnsafeRawBufferPointer
  ) throws(LogDamage.Finding) -> PayloadHeader {
    let header = try PayloadHeader(decoding: start, .chunk)
    try header.check(at: offset, tag: chain.tag, limits: limits, shortestRecord: 1)
    let record = try window.finding(at: offset, count: header.totalLength.bytes)
    guard record.count == header.totalLength.bytes else { throw .unfinished }
    let headerLength = PayloadHeader.length + header.padding
    guard UnsafeRawBufferPointer(rebasing: record[PayloadHeader.length..<headerLength]).isAllZero
    else { throw .nonZeroPadding }
    let computed = chain.value(for: UnsafeRawBufferPointer(rebasing: record[headerLength...]))
    guard computed == header.chain else {
      throw .payloadChecksum(stored: header.chain, computed: computed)
    }
    chain.advance(to: record, header.chain)
    chunks += 1
    records += header.count
    unpackedBytes += header.unpackedLength
    frameBytes += header.frameLength
    offset += header.totalLength
    return header
  }

  private mutating func readFooter() throws(LogDamage.Finding) -> SnapshotFooter {
    let found = try SnapshotFooter(
      decoding: try window.finding(at: offset, count: SnapshotFooter.length))
    let expected = SnapshotFooter(
      offset: offset, chunks: chunks, records: records, unpackedBytes: unpackedBytes,
      frameBytes: frameBytes, chain: chain.value, tag: chain.tag, digest: found.digest)
    guard found == expected else { throw .sealDisagrees }
    guard try window.finding(at: found.fileSize, count: 1).isEmpty else { throw .bytesAfterSeal }
    return found
  }
}

extension FileWindow {
  /// A snapshot that cannot be read is as good as a damaged one: an older one may serve.
  fileprivate func finding(
    at offset: ByteCount, count: Int
  ) throws(LogDamage.Finding) -> UnsafeRawBufferPointer {
    do throws(FileError) { return try bytes(at: offset, count: count) } catch {
      throw .unreadable(error)
    }
  }
}
