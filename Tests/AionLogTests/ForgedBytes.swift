import CCRC32C

/// Bytes of a file, changed by somebody who knows the format and repairs the checksums.
struct ForgedBytes {
  var bytes: [UInt8]

  mutating func put<Value: FixedWidthInteger>(_ value: Value, at offset: Int) {
    withUnsafeBytes(of: value.littleEndian) { raw in
      for (place, byte) in raw.enumerated() { bytes[offset + place] = byte }
    }
  }

  func number<Value: FixedWidthInteger>(_ type: Value.Type, at offset: Int) -> Value {
    bytes.withUnsafeBytes {
      Value(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Value.self))
    }
  }

  /// Makes the checksum of the header at `offset` hold over its `covered` bytes.
  mutating func resign(at offset: Int, covered: Int) {
    let checksum = bytes.withUnsafeBytes { raw in
      let first = aion_crc32c(0, raw.baseAddress?.advanced(by: offset), 8)
      return aion_crc32c(first, raw.baseAddress?.advanced(by: offset + 12), covered - 12)
    }
    put(checksum, at: offset + 8)
  }

  mutating func replace(_ range: Range<Int>, with other: some Collection<UInt8>) {
    bytes.replaceSubrange(range, with: other)
  }

  /// The chain value of the batch at `offset`, the record before it beginning at `previous`.
  mutating func rechain(at offset: Int, after previous: Int, previousLength: Int) {
    let length = Int(number(UInt32.self, at: offset + 4)) + 8
    let frame = Int(number(UInt32.self, at: offset + 16))
    let chain = bytes.withUnsafeBytes { raw in
      let first = aion_crc32c(0, raw.baseAddress?.advanced(by: previous), previousLength)
      return aion_crc32c(first, raw.baseAddress?.advanced(by: offset + length), frame)
    }
    put(chain, at: offset + 56)
    resign(at: offset, covered: 64)
  }
}
