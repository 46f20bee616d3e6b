import AionModel
import AionRaft
import AionWire

/// Packs records into data frames (aion.v1.LogFile, Docs/schema/aion/v1/log.proto).
///
/// Reuses its memory: once it has grown to the usual batch, packing allocates nothing.
final class BatchEncoder {
  private let compressor: FrameCompressor
  private let packed = ByteBuffer()
  private let records = ByteBuffer(capacity: 1 << 16)
  private var rare = WireWriter(reservingCapacity: 256)

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
    let capacity = entries.reduce(HardState.longestEncoding) { $0 + $1.longestEncoding }
    var writer = RecordWriter(records.reserve(capacity))
    if let hardState {
      rare.removeAll()
      rare.message(2) { hardState.encode(into: &$0) }
      writer.append(rare.bytes)
    }
    for entry in entries where !writer.append(entry) {
      rare.removeAll()
      rare.message(1) { entry.encode(into: &$0) }
      writer.append(rare.bytes)
    }
    return pack(writer.written)
  }

  /// Packs records that the caller has encoded.
  func pack(_ payload: UnsafeRawBufferPointer) -> (frameLength: Int, unpackedLength: Int)? {
    let target = packed.reserve(Self.headroom + FrameCompressor.bound(payload.count))
    let room = UnsafeMutableRawBufferPointer(rebasing: target[Self.headroom...])
    guard let length = compressor.pack(payload, into: room) else { return nil }
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
