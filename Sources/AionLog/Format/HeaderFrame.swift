// Every header of ours is a skippable LZ4 frame (LZ4 frame format 1.6, "Skippable Frames"), which
// every lz4 tool passes over. Numbers are little endian.
//
//   offset  size
//        0     4  magic 0x184D2A50
//        4     4  bytes that follow
//        8     4  CRC-32C of bytes 0..<8 and 12..<covered
//       12     4  kind, four ASCII letters
//       16        what the kind holds

import AionModel
import CCRC32C

enum HeaderFrame {
  static let magic: UInt32 = 0x184D_2A50
  static let prefixLength = 16
  /// No header of ours is longer; the seal's batch offsets and a snapshot's membership fit.
  static let maximumLength = 1 << 20
  /// A newer version's header of a segment may be longer than ours, up to here.
  static let maximumVersionedLength = 4096

  enum Kind: UInt32 {
    case identity = 0x544E_4449  // IDNT
    case group = 0x5055_5247  // GRUP
    case segment = 0x4D47_4553  // SEGM
    case batch = 0x4843_5442  // BTCH
    case seal = 0x4C41_4553  // SEAL
    case snapshot = 0x5041_4E53  // SNAP
    case chunk = 0x4B4E_4843  // CHNK
    case footer = 0x544F_4F46  // FOOT
  }

  /// Writes the first 16 bytes of a header whose other `covered - 16` bytes stand already.
  static func finish(
    _ kind: Kind, in buffer: UnsafeMutableRawBufferPointer, covered: Int, length: Int
  ) {
    buffer.store(magic, at: 0)
    buffer.store(UInt32(length - 8), at: 4)
    buffer.store(kind.rawValue, at: 12)
    buffer.store(checksum(UnsafeRawBufferPointer(buffer), covered: covered), at: 8)
  }

  /// The whole length of the header that begins here, by its own, still unproven words.
  static func statedLength(_ bytes: UnsafeRawBufferPointer) throws(LogDamage.Finding) -> Int {
    guard bytes.count >= prefixLength else { throw .unfinished }
    guard bytes.load(UInt32.self, at: 0) == magic else { throw .notAHeader }
    let length = Int(bytes.load(UInt32.self, at: 4)) + 8
    guard (prefixLength...maximumLength).contains(length) else {
      throw .lengthOutOfLimits(length: ByteCount(length), limit: ByteCount(maximumLength))
    }
    return length
  }

  /// Proves the checksum over the first `covered` bytes.
  static func verify(
    _ bytes: UnsafeRawBufferPointer, covered: Int
  ) throws(LogDamage.Finding) {
    guard bytes.count >= covered else { throw .unfinished }
    let stored = bytes.load(UInt32.self, at: 8)
    let computed = checksum(bytes, covered: covered)
    guard stored == computed else {
      throw .headerChecksum(stored: stored, computed: computed)
    }
  }

  static func kind(of bytes: UnsafeRawBufferPointer) -> Kind? {
    guard bytes.count >= prefixLength, bytes.load(UInt32.self, at: 0) == magic else { return nil }
    return Kind(rawValue: bytes.load(UInt32.self, at: 12))
  }

  static func checksum(_ bytes: UnsafeRawBufferPointer, covered: Int) -> UInt32 {
    let first = aion_crc32c(0, bytes.baseAddress, 8)
    return aion_crc32c(first, bytes.baseAddress?.advanced(by: 12), covered - 12)
  }
}

extension UnsafeRawBufferPointer {
  func load<Value: FixedWidthInteger>(_ type: Value.Type, at offset: Int) -> Value {
    Value(littleEndian: loadUnaligned(fromByteOffset: offset, as: type))
  }

  var isAllZero: Bool {
    let words = count / 8
    for word in 0..<words where loadUnaligned(fromByteOffset: word * 8, as: UInt64.self) != 0 {
      return false
    }
    return self[(words * 8)...].allSatisfy { $0 == 0 }
  }
}

extension UnsafeMutableRawBufferPointer {
  func store<Value: FixedWidthInteger>(_ value: Value, at offset: Int) {
    storeBytes(of: value.littleEndian, toByteOffset: offset, as: Value.self)
  }
}
