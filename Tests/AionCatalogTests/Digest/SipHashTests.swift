import AionCatalog
import Testing

@Suite("SipHash-2-4-128")
struct SipHashTests {
  /// From the authors' test vectors: key 00 01 … 0f, message 00 01 … of the given length.
  static let vectors: [(length: Int, hash: String)] = [
    (0, "a3817f04ba25a8e66df67214c7550293"),
    (1, "da87c1d86b99af44347659119b22fc45"),
    (7, "a1f1ebbed8dbc153c0b84aa61ff08239"),
    (8, "3b62a9ba6258f5610f83e264f31497b4"),
    (9, "264499060ad9baabc47f8b02bb6d71ed"),
    (15, "5493e99933b0a8117e08ec0f97cfc3d9"),
    (16, "6ee2a4ca67b054bbfd3315bf85230577"),
    (63, "5150d1772f50834a503e069a973fbd7c"),
  ]

  @Test("The authors' test vectors come out", arguments: vectors)
  func vector(length: Int, hash: String) {
    let message = (0..<length).map { UInt8($0) }
    let result = message.withUnsafeBytes {
      SipHash.hash($0, key: (0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908))
    }
    let bytes = withUnsafeBytes(of: result.littleEndian) { [UInt8]($0) }
    #expect(bytes.map { hex($0) }.joined() == hash)
  }

  private func hex(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16)
    return digits.count == 1 ? "0" + digits : digits
  }
}
