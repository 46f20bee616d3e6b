import AionModel
public import AionRaft
import AionWire

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
