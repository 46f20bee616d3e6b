// The last record of a snapshot (see HeaderFrame for the first 16 bytes).
//
//   offset  size
//       16     8  file offset of this record
//       24     8  chunks
//       32     8  records
//       40     8  bytes unpacked
//       48     8  bytes of the data frames
//       56     4  chain value of the last chunk
//       60     4  tag: the checksum of the file's header
//       64    16  digest of the state

public import AionModel

/// What a whole snapshot holds.
public struct SnapshotFooter: Hashable, Sendable {
  static let length = 80

  public var offset: ByteCount
  public var chunks: Int
  public var records: Int
  public var unpackedBytes: ByteCount
  public var frameBytes: ByteCount
  var chain: UInt32
  var tag: UInt32
  public var digest: SnapshotDigest

  /// The size of the whole file.
  public var fileSize: ByteCount { offset + ByteCount(Self.length) }

  func encoded() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Self.length)
    bytes.withUnsafeMutableBytes { buffer in
      buffer.store(UInt64(offset.bytes), at: 16)
      buffer.store(UInt64(chunks), at: 24)
      buffer.store(UInt64(records), at: 32)
      buffer.store(UInt64(unpackedBytes.bytes), at: 40)
      buffer.store(UInt64(frameBytes.bytes), at: 48)
      buffer.store(chain, at: 56)
      buffer.store(tag, at: 60)
      buffer.store(digest.rawValue, at: 64)
      HeaderFrame.finish(.footer, in: buffer, covered: Self.length, length: Self.length)
    }
    return bytes
  }
}

extension SnapshotFooter {
  init(decoding bytes: UnsafeRawBufferPointer) throws(LogDamage.Finding) {
    let length = try HeaderFrame.statedLength(bytes)
    try HeaderFrame.verify(bytes, covered: length)
    guard HeaderFrame.kind(of: bytes) == .footer, length == Self.length else {
      throw .notAHeader
    }
    self.init(
      offset: ByteCount(Int(truncatingIfNeeded: bytes.load(UInt64.self, at: 16))),
      chunks: Int(truncatingIfNeeded: bytes.load(UInt64.self, at: 24)),
      records: Int(truncatingIfNeeded: bytes.load(UInt64.self, at: 32)),
      unpackedBytes: ByteCount(Int(truncatingIfNeeded: bytes.load(UInt64.self, at: 40))),
      frameBytes: ByteCount(Int(truncatingIfNeeded: bytes.load(UInt64.self, at: 48))),
      chain: bytes.load(UInt32.self, at: 56),
      tag: bytes.load(UInt32.self, at: 60),
      digest: SnapshotDigest(rawValue: bytes.load(UInt128.self, at: 64)))
  }
}
