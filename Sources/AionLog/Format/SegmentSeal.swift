// The last record of a closed segment (see HeaderFrame for the first 16 bytes).
//
//   offset  size
//       16     8  file offset of this record
//       24     8  batches
//       32     8  entries
//       40     8  last index
//       48     8  bytes unpacked
//       56     8  bytes of the data frames
//       64     4  chain value of the last batch, the header's when there is none
//       68     4  tag: the checksum of the segment's header
//       72     4  waypoints that follow
//       76     4  zero
//       80    16  each: first index of a batch, its file offset

public import AionModel

/// What a closed segment holds, and where.
public struct SegmentSeal: Hashable, Sendable {
  static let fixedLength = 80
  /// At most one waypoint stands for this many bytes of a segment.
  static let waypointDistance = ByteCount.kibibytes(64)
  static let maximumWaypoints = 1 << 15

  public var offset: ByteCount
  public var batches: Int
  public var entries: Int
  public var lastIndex: LogIndex
  public var unpackedBytes: ByteCount
  public var frameBytes: ByteCount
  var chain: UInt32
  var tag: UInt32
  /// Some batches in the order of the file, for a reader that looks for an index.
  public var waypoints: [Waypoint]

  /// Where a batch stands.
  public struct Waypoint: Hashable, Sendable {
    public var firstIndex: LogIndex
    public var offset: ByteCount
  }

  public var length: ByteCount { ByteCount(Self.fixedLength + waypoints.count * 16) }
}

extension SegmentSeal {
  func encoded() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: length.bytes)
    bytes.withUnsafeMutableBytes { buffer in
      buffer.store(UInt64(offset.bytes), at: 16)
      buffer.store(UInt64(batches), at: 24)
      buffer.store(UInt64(entries), at: 32)
      buffer.store(lastIndex.rawValue, at: 40)
      buffer.store(UInt64(unpackedBytes.bytes), at: 48)
      buffer.store(UInt64(frameBytes.bytes), at: 56)
      buffer.store(chain, at: 64)
      buffer.store(tag, at: 68)
      buffer.store(UInt32(waypoints.count), at: 72)
      for (place, waypoint) in waypoints.enumerated() {
        buffer.store(waypoint.firstIndex.rawValue, at: Self.fixedLength + place * 16)
        buffer.store(UInt64(waypoint.offset.bytes), at: Self.fixedLength + place * 16 + 8)
      }
      HeaderFrame.finish(.seal, in: buffer, covered: buffer.count, length: buffer.count)
    }
    return bytes
  }

  init(decoding bytes: UnsafeRawBufferPointer) throws(LogDamage.Finding) {
    let length = try HeaderFrame.statedLength(bytes)
    try HeaderFrame.verify(bytes, covered: length)
    guard HeaderFrame.kind(of: bytes) == .seal, length >= Self.fixedLength else {
      throw .notAHeader
    }
    let count = Int(bytes.load(UInt32.self, at: 72))
    guard length == Self.fixedLength + count * 16 else { throw .sealDisagrees }
    self.init(
      offset: ByteCount(Int(truncatingIfNeeded: bytes.load(UInt64.self, at: 16))),
      batches: Int(truncatingIfNeeded: bytes.load(UInt64.self, at: 24)),
      entries: Int(truncatingIfNeeded: bytes.load(UInt64.self, at: 32)),
      lastIndex: LogIndex(bytes.load(UInt64.self, at: 40)),
      unpackedBytes: ByteCount(Int(truncatingIfNeeded: bytes.load(UInt64.self, at: 48))),
      frameBytes: ByteCount(Int(truncatingIfNeeded: bytes.load(UInt64.self, at: 56))),
      chain: bytes.load(UInt32.self, at: 64),
      tag: bytes.load(UInt32.self, at: 68),
      waypoints: (0..<count).map { place in
        let at = Self.fixedLength + place * 16
        return Waypoint(
          firstIndex: LogIndex(bytes.load(UInt64.self, at: at)),
          offset: ByteCount(Int(truncatingIfNeeded: bytes.load(UInt64.self, at: at + 8))))
      })
  }
}
