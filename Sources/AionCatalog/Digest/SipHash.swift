/// SipHash-2-4 with 128 bits of output (Aumasson, Bernstein: "SipHash: a fast short-input PRF",
/// 2012; the 128-bit output is that of the authors' reference implementation).
package struct SipHash: Sendable {
  private var v0: UInt64
  private var v1: UInt64
  private var v2: UInt64
  private var v3: UInt64

  /// The hash of `bytes` under a key of two little-endian words.
  package static func hash(_ bytes: UnsafeRawBufferPointer, key: (UInt64, UInt64)) -> UInt128 {
    var state = SipHash(key: key)
    let tailStart = bytes.count & ~7
    var offset = 0
    while offset < tailStart {
      let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      state.absorb(UInt64(littleEndian: word))
      offset += 8
    }
    var last = UInt64(truncatingIfNeeded: bytes.count) << 56
    for index in tailStart..<bytes.count {
      last |= UInt64(bytes[index]) << UInt64(8 * (index - tailStart))
    }
    state.absorb(last)
    return state.finish()
  }

  private init(key: (UInt64, UInt64)) {
    v0 = 0x736F_6D65_7073_6575 ^ key.0
    v1 = 0x646F_7261_6E64_6F6D ^ key.1 ^ 0xEE
    v2 = 0x6C79_6765_6E65_7261 ^ key.0
    v3 = 0x7465_6462_7974_6573 ^ key.1
  }

  private mutating func absorb(_ word: UInt64) {
    v3 ^= word
    round()
    round()
    v0 ^= word
  }

  private mutating func finish() -> UInt128 {
    v2 ^= 0xEE
    for _ in 0..<4 { round() }
    let low = v0 ^ v1 ^ v2 ^ v3
    v1 ^= 0xDD
    for _ in 0..<4 { round() }
    let high = v0 ^ v1 ^ v2 ^ v3
    return UInt128(high) << 64 | UInt128(low)
  }

  private mutating func round() {
    v0 &+= v1
    v1 = rotate(v1, 13) ^ v0
    v0 = rotate(v0, 32)
    v2 &+= v3
    v3 = rotate(v3, 16) ^ v2
    v0 &+= v3
    v3 = rotate(v3, 21) ^ v0
    v2 &+= v1
    v1 = rotate(v1, 17) ^ v2
    v2 = rotate(v2, 32)
  }
}

private func rotate(_ word: UInt64, _ count: UInt64) -> UInt64 {
  word << count | word >> (64 - count)
}
