import AionModel
public import AionRaft
import AionWire

/// Packs records into data frames (aion.v1.LogFile, Docs/schema/aion/v1/log.proto).
///
/// Reuses its memory: once it has grown to the usual batch, packing allocates nothing.
final class BatchEncoder {
  private let compressor: FrameCompressor
  private let packed = ByteBuffer()
  private var records = WireWriter(reservingCapacity: 1 << 16)

  init?() {
    guard let compressor = FrameCompressor() else { return nil }
    self.compressor = compressor
  }

  /// Room before the frame for a header and its padding.
  static let headroom = PayloadHeader.length + PayloadHeader.unit

  /// Encodes and packs; the frame stands at `headroom` in `buffer` until the next call.
  func pack(
    hardState: HardState?, entries: ArraySlice<Entry>
  ) -> (frameLength: Int, unpackedLength: Int)? {
    records.removeAll()
    if let hardState { records.message(2) { hardState.encode(into: &$0) } }
    for entry in entries { records.message(1) { entry.encode(into: &$0) } }
    return pack(records.bytes)
  }

  /// Packs records that the caller has encoded.
  func pack(_ payload: [UInt8]) -> (frameLength: Int, unpackedLength: Int)? {
    let target = packed.reserve(Self.headroom + FrameCompressor.bound(payload.count))
    let room = UnsafeMutableRawBufferPointer(rebasing: target[Self.headroom...])
    guard let length = payload.withUnsafeBytes({ compressor.pack($0, into: room) }) else {
      return nil
    }
    return (length, payload.count)
  }

  func frame(_ length: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: packed.bytes[Self.headroom..<(Self.headroom + length)])
  }

  /// Puts the header before the frame; the two together are what goes into the file.
  func record(_ kind: HeaderFrame.Kind, _ header: PayloadHeader) -> UnsafeRawBufferPointer {
    let start = Self.headroom - PayloadHeader.length - header.padding
    let end = Self.headroom + header.frameLength.bytes
    let record = UnsafeMutableRawBufferPointer(rebasing: packed.bytes[start..<end])
    header.encode(kind, into: record)
    return UnsafeRawBufferPointer(record)
  }
}

/// Unpacks and decodes the records of a data frame.
final class BatchDecoder {
  /// Tag, length, index and term take at least six bytes.
  static let shortestEntry = 6

  private let decompressor: FrameDecompressor
  private let unpacked = ByteBuffer()

  init?() {
    guard let decompressor = FrameDecompressor() else { return nil }
    self.decompressor = decompressor
  }

  /// The payload of a proven frame; valid until the next call.
  func unpack(
    _ frame: UnsafeRawBufferPointer, _ length: ByteCount
  ) throws(LogDamage.Finding) -> UnsafeRawBufferPointer {
    let target = UnsafeMutableRawBufferPointer(
      rebasing: unpacked.reserve(length.bytes)[..<length.bytes])
    try decompressor.unpack(frame, into: target)
    return UnsafeRawBufferPointer(target)
  }

  /// The records of a batch, checked against what its header says of them.
  func decode(
    _ frame: UnsafeRawBufferPointer, _ header: PayloadHeader
  ) throws(LogDamage.Finding) -> LogBatch {
    let payload = try unpack(frame, header.unpackedLength)
    var batch = LogBatch()
    batch.entries.reserveCapacity(header.count)
    do throws(WireError) {
      try batch.decode(payload)
    } catch {
      throw .undecodableRecord(reason: error.description)
    }
    guard batch.entries.count == header.count, (batch.hardState != nil) == header.hasHardState
    else { throw .undecodableRecord(reason: "they are not those that the header counts") }
    var expected = header.firstIndex
    for entry in batch.entries {
      guard entry.index == expected else {
        throw .indexGap(expected: expected, found: entry.index)
      }
      expected = expected.next
    }
    return batch
  }
}

/// What one batch holds.
public struct LogBatch: Hashable, Sendable {
  public var hardState: HardState?
  public var entries: [Entry] = []

  fileprivate mutating func decode(_ payload: UnsafeRawBufferPointer) throws(WireError) {
    var reader = WireReader(unsafe: payload)
    while let field = try reader.next() {
      switch field.number {
      case 1:
        var nested = try reader.message(field)
        entries.append(try Entry(from: &nested))
      case 2:
        var nested = try reader.message(field)
        hardState = try HardState(from: &nested)
      default: try reader.skip(field)
      }
    }
  }
}
