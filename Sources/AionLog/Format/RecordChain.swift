import CCRC32C

/// Ties each record of a file to the one before it.
///
/// A frame that was swapped, repeated or left out breaks the chain although its bytes are whole.
struct RecordChain {
  /// CRC-32C over the header of the record before and over the data frame.
  private(set) var value: UInt32
  /// The checksum of the file's first header, which every record repeats.
  let tag: UInt32
  private var previous: [UInt8]

  /// A file that begins with `segmentHeader` and continues another that ended with `value`.
  init(segmentHeader: [UInt8], _ value: UInt32) {
    self.value = value
    previous = segmentHeader
    tag = segmentHeader.withUnsafeBytes { $0.load(UInt32.self, at: 8) }
  }

  /// The value that belongs into the header before `frame`.
  func value(for frame: UnsafeRawBufferPointer) -> UInt32 {
    let first = previous.withUnsafeBytes { aion_crc32c(0, $0.baseAddress, $0.count) }
    return aion_crc32c(first, frame.baseAddress, frame.count)
  }

  /// Goes on to a record whose header is the start of `record` and whose value is `value`.
  mutating func advance(to record: UnsafeRawBufferPointer, _ value: UInt32) {
    self.value = value
    previous.removeAll(keepingCapacity: true)
    previous.append(contentsOf: record.prefix(PayloadHeader.length))
  }
}
