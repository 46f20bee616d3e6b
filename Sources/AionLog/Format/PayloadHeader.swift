// What stands before every data frame: before a segment's batch and before a snapshot's chunk.
// 64 bytes and 0 to 15 bytes of zero padding, so that header and frame together fill whole
// units of 16 bytes (see HeaderFrame for the first 16; the checksum covers 64 bytes).
//
//   offset  size
//       16     4  length of the data frame
//       20     4  length unpacked
//       24     8  batch: first index          chunk: number of the chunk, from 0
//       32     4  batch: entries              chunk: records
//       36     4  flags: 1 has a hard state, 2 holds blocks that did not shrink
//       40     8  file offset of this header
//       48     8  file offset up to which the file was synced when this was written
//       56     4  chain: CRC-32C of the 64 bytes of the record before it and of the data frame
//       60     4  tag: the checksum of the file's first header
//
// Why units of 16: a crash leaves whole sectors unwritten. A batch then never ends with just a
// byte or two in its last sector, where one rotten bit could pass for a sector that was never
// written: the part of a batch in any one sector is at least 16 bytes and holds a checksum.

public import AionModel
import CCRC32C

/// The header of a batch or a chunk.
public struct PayloadHeader: Hashable, Sendable {
  static let length = 64
  static let unit = 16

  public var frameLength: ByteCount
  public var unpackedLength: ByteCount
  /// The index of the first entry; where the next entry will stand when there is none.
  public var firstIndex: LogIndex
  public var count: Int
  public var hasHardState: Bool
  public var holdsRawBlocks: Bool
  public var offset: ByteCount
  public var syncedOffset: ByteCount
  public var chain: UInt32
  public var tag: UInt32

  /// Header, padding and data frame.
  public var totalLength: ByteCount { ByteCount(Self.length + padding) + frameLength }

  /// The last entry's index; the index before `firstIndex` when there is no entry.
  public var lastIndex: LogIndex { LogIndex(firstIndex.rawValue &+ UInt64(count) &- 1) }

  var padding: Int { Self.padding(forFrameOf: frameLength.bytes) }

  static func padding(forFrameOf length: Int) -> Int { -(Self.length + length) & (unit - 1) }
}

extension PayloadHeader {
  private static let hasHardStateFlag: UInt32 = 1
  private static let holdsRawBlocksFlag: UInt32 = 2

  /// Writes header and padding; `buffer` has room for both.
  func encode(_ kind: HeaderFrame.Kind, into buffer: UnsafeMutableRawBufferPointer) {
    buffer.store(UInt32(truncatingIfNeeded: frameLength.bytes), at: 16)
    buffer.store(UInt32(truncatingIfNeeded: unpackedLength.bytes), at: 20)
    buffer.store(firstIndex.rawValue, at: 24)
    buffer.store(UInt32(truncatingIfNeeded: count), at: 32)
    let flags =
      (hasHardState ? Self.hasHardStateFlag : 0) | (holdsRawBlocks ? Self.holdsRawBlocksFlag : 0)
    buffer.store(flags, at: 36)
    buffer.store(UInt64(offset.bytes), at: 40)
    buffer.store(UInt64(syncedOffset.bytes), at: 48)
    buffer.store(chain, at: 56)
    buffer.store(tag, at: 60)
    for place in Self.length..<(Self.length + padding) { buffer[place] = 0 }
    HeaderFrame.finish(kind, in: buffer, covered: Self.length, length: Self.length + padding)
  }

  /// Proves and reads a header; nothing it states is believed before its checksum holds.
  init(
    decoding bytes: UnsafeRawBufferPointer, _ kind: HeaderFrame.Kind
  ) throws(LogDamage.Finding) {
    guard bytes.count >= Self.length else { throw .unfinished }
    try HeaderFrame.verify(bytes, covered: Self.length)
    guard HeaderFrame.kind(of: bytes) == kind else { throw .notAHeader }
    let flags = bytes.load(UInt32.self, at: 36)
    self.init(
      frameLength: ByteCount(Int(bytes.load(UInt32.self, at: 16))),
      unpackedLength: ByteCount(Int(bytes.load(UInt32.self, at: 20))),
      firstIndex: LogIndex(bytes.load(UInt64.self, at: 24)),
      count: Int(bytes.load(UInt32.self, at: 32)),
      hasHardState: flags & Self.hasHardStateFlag != 0,
      holdsRawBlocks: flags & Self.holdsRawBlocksFlag != 0,
      offset: ByteCount(Int(truncatingIfNeeded: bytes.load(UInt64.self, at: 40))),
      syncedOffset: ByteCount(Int(truncatingIfNeeded: bytes.load(UInt64.self, at: 48))),
      chain: bytes.load(UInt32.self, at: 56),
      tag: bytes.load(UInt32.self, at: 60))
    let stated = try HeaderFrame.statedLength(bytes)
    guard stated == Self.length + padding else { throw .notAHeader }
  }

  /// Checks what a proven header states against its place and the limits.
  func check(
    at offset: ByteCount, tag: UInt32, limits: LogLimits, shortestRecord: Int
  ) throws(LogDamage.Finding) {
    guard self.tag == tag else { throw .strayRecord }
    guard self.offset == offset else { throw .misplaced(written: self.offset) }
    guard unpackedLength <= limits.maximumBatch else {
      throw .lengthOutOfLimits(length: unpackedLength, limit: limits.maximumBatch)
    }
    guard frameLength <= limits.maximumFrame else {
      throw .lengthOutOfLimits(length: frameLength, limit: limits.maximumFrame)
    }
    // A count of records that the payload cannot hold would only make a reader reserve memory.
    guard firstIndex <= .highest else { throw .indexOutOfRange(firstIndex) }
    guard count <= unpackedLength.bytes / shortestRecord else {
      throw .lengthOutOfLimits(length: ByteCount(count * shortestRecord), limit: unpackedLength)
    }
  }
}
