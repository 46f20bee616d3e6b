import AionModel
import AionRaft

/// Writes one snapshot, a chunk at a time, in memory of one chunk.
///
/// Until `finish` has returned, a crash leaves only a temporary file that the next opening removes.
public final class SnapshotWriter<Directory: LogDirectory> {
  private let store: SnapshotStore<Directory>
  private let index: LogIndex
  private let file: Directory.File
  private let encoder: BatchEncoder
  private var offset: ByteCount
  private var chain: RecordChain
  private var chunks = 0
  private var records = 0
  private var unpackedBytes = ByteCount.zero
  private var frameBytes = ByteCount.zero

  private var finalName: String { SnapshotStore<Directory>.fileName(index) }
  private var temporaryName: String { finalName + Directory.temporaryExtension }

  init(_ store: SnapshotStore<Directory>, _ description: SnapshotDescription) throws(LogFault) {
    guard let encoder = BatchEncoder() else {
      throw .file(FileError(.io(12), .create, path: store.directory.path))
    }
    self.store = store
    self.encoder = encoder
    index = description.metadata.position.index
    let header = SnapshotHeader(owner: store.owner, description: description).encoded()
    let temporary = SnapshotStore<Directory>.fileName(index) + Directory.temporaryExtension
    do throws(FileError) {
      file = try store.directory.create(temporary)
    } catch {
      throw LogFault(error)
    }
    offset = .zero
    chain = RecordChain(segmentHeader: header, 0)
    try header.withBytes { (bytes) throws(LogFault) in try write(bytes) }
  }

  /// Adds a chunk: elements of repeated fields of the state's message, `count` of them.
  ///
  /// - Throws: `diskFull` and `file`; the writer is then of no more use.
  public func append(records chunk: [UInt8], count: Int) throws(LogFault) {
    guard !chunk.isEmpty else { return }
    guard chunk.count <= store.limits.maximumBatch.bytes else {
      throw .entryTooLarge(
        index: index, size: ByteCount(chunk.count), limit: store.limits.maximumBatch)
    }
    guard let packed = chunk.withBytes({ encoder.pack($0) }) else {
      throw .file(FileError(.io(12), .write, path: file.path))
    }
    let header = PayloadHeader(
      frameLength: ByteCount(packed.frameLength), unpackedLength: ByteCount(packed.unpackedLength),
      firstIndex: LogIndex(UInt64(chunks)), count: count, hasHardState: false,
      holdsRawBlocks: packed.frameLength > packed.unpackedLength, offset: offset,
      syncedOffset: .zero, chain: chain.value(for: encoder.frame(packed.frameLength)),
      tag: chain.tag)
    let record = encoder.record(.chunk, header)
    try write(record)
    chain.advance(to: record, header.chain)
    chunks += 1
    records += count
    unpackedBytes += header.unpackedLength
    frameBytes += header.frameLength
  }

  /// Makes the snapshot durable under its name.
  public func finish(digest: SnapshotDigest) throws(LogFault) -> SnapshotFooter {
    let footer = SnapshotFooter(
      offset: offset, chunks: chunks, records: records, unpackedBytes: unpackedBytes,
      frameBytes: frameBytes, chain: chain.value, tag: chain.tag, digest: digest)
    try footer.encoded().withBytes { (bytes) throws(LogFault) in try write(bytes) }
    do throws(FileError) {
      try file.sync()
      try store.directory.rename(temporaryName, to: finalName)
      try store.directory.sync()
    } catch {
      abandon()
      throw LogFault(error)
    }
    return footer
  }

  /// Gives the snapshot up and removes what was written of it.
  public func abandon() {
    // What cannot be removed now is removed at the next opening.
    try? store.directory.remove(temporaryName)
  }

  private func write(_ bytes: UnsafeRawBufferPointer) throws(LogFault) {
    do throws(IncompleteWrite) {
      try file.writeAll(bytes, at: offset)
    } catch {
      abandon()
      throw LogFault(error.cause)
    }
    offset += ByteCount(bytes.count)
  }
}
