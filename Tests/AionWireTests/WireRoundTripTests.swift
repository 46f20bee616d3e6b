import AionWire
import Testing

@Suite("What the writer writes, the reader reads")
struct WireRoundTripTests {
  /// The last number of each length and the first of the next.
  static let numbers: [UInt64] =
    [0, .max] + (1..<10).map { 1 << (7 * $0) }
    + (1..<10).map { (1 << (7 * $0)) - 1 }

  @Test("Varints of every length", arguments: numbers)
  func varint(value: UInt64) throws {
    let bytes = write { $0.alwaysVarint(1, value) }
    #expect(
      try readField(bytes) { (reader, field) throws(WireError) in try reader.uint64(field) }
        == value)
  }

  @Test(
    "Signed numbers zigzag, so that small ones of either sign are short",
    arguments: [
      (0, 1), (-1, 1), (1, 1), (-64, 1), (64, 2), (Int64.max, 10), (Int64.min, 10),
    ] as [(Int64, Int)])
  func signed(value: Int64, length: Int) throws {
    let bytes = write { $0.alwaysSint(1, value) }
    #expect(bytes.count == 1 + length)
    #expect(
      try readField(bytes) { (reader, field) throws(WireError) in try reader.sint(field) } == value)
  }

  @Test("Fixed numbers are little endian")
  func fixed() throws {
    let wide = write { $0.fixed64(1, 0x0102_0304_0506_0708) }
    #expect(wide == [0x09, 8, 7, 6, 5, 4, 3, 2, 1])
    #expect(
      try readField(wide) { (reader, field) throws(WireError) in try reader.fixed64(field) }
        == 0x0102_0304_0506_0708)
    let narrow = write { $0.fixed32(1, 0x0102_0304) }
    #expect(narrow == [0x0D, 4, 3, 2, 1])
    #expect(
      try readField(narrow) { (reader, field) throws(WireError) in try reader.fixed32(field) }
        == 0x0102_0304)
  }

  @Test(
    "Texts of every length around the width of their length", arguments: [0, 1, 127, 128, 16_384])
  func text(length: Int) throws {
    let text = String(repeating: "ü", count: length / 2) + (length % 2 == 1 ? "x" : "")
    let bytes = write { $0.alwaysString(1, text) }
    #expect(
      try readField(bytes) { (reader, field) throws(WireError) in try reader.string(field) } == text
    )
    let raw = [UInt8](text.utf8)
    let rawBytes = write { $0.alwaysBytes(1, raw) }
    #expect(rawBytes == bytes)
    #expect(
      try readField(bytes) { (reader, field) throws(WireError) in try reader.bytes(field) } == raw)
    let borrowed = try readField(bytes) { (reader, field) throws(WireError) in
      [UInt8](try reader.borrowedBytes(field))
    }
    #expect(borrowed == raw)
  }

  @Test(
    "A nested message's length is patched in at every width",
    arguments: [0, 1, 127, 128, 16_383, 16_384])
  func nested(length: Int) throws {
    let body = [UInt8](repeating: 7, count: length)
    let bytes = write { writer in
      writer.message(3) { $0.raw(body) }
      writer.alwaysVarint(4, 9)
    }
    let after = try WireReader.reading(bytes) { reader throws(WireError) -> UInt64 in
      guard let field = try reader.next() else { throw reader.missing(3) }
      let nested = try reader.message(field)
      #expect(nested.offset == bytes.count - 2 - length)
      #expect(nested.isAtEnd == (length == 0))
      guard let last = try reader.next() else { throw reader.missing(4) }
      return try reader.uint64(last)
    }
    #expect(after == 9)
  }

  @Test("Field numbers up to the largest")
  func fieldNumbers() throws {
    for number in [1, 15, 16, 2_047, 2_048, 0x1FFF_FFFF] as [UInt32] {
      let bytes = write { $0.alwaysVarint(number, 1) }
      let field = try WireReader.reading(bytes) { reader throws(WireError) in try reader.next() }
      #expect(field?.number == number)
    }
  }

  @Test("Values that equal their default are left out, as proto3 does")
  func defaults() {
    let bytes = write { writer in
      writer.varint(1, 0 as UInt64)
      writer.varint(2, 0 as UInt32)
      writer.bool(3, false)
      writer.sint(4, 0)
      writer.fixed64(5, 0)
      writer.fixed32(6, 0)
      writer.string(7, "")
      writer.bytes(8, [])
    }
    #expect(bytes.isEmpty)
  }

  @Test("Fields that an older version does not know are passed over")
  func unknownFields() throws {
    let bytes = write { writer in
      writer.alwaysVarint(90, .max)
      writer.fixed64(91, 1)
      writer.alwaysString(92, "from the future")
      writer.fixed32(93, 1)
      writer.message(94) { $0.alwaysVarint(1, 1) }
      writer.alwaysVarint(1, 42)
    }
    let value = try WireReader.reading(bytes) { reader throws(WireError) -> UInt64? in
      var value: UInt64?
      while let field = try reader.next() {
        if field.number == 1 { value = try reader.uint64(field) } else { try reader.skip(field) }
      }
      return value
    }
    #expect(value == 42)
  }

  @Test("Taking the bytes leaves the writer empty")
  func take() {
    var writer = WireWriter(reservingCapacity: 16)
    writer.bool(1, true)
    #expect(writer.take() == [8, 1])
    #expect(writer.count == 0)
    writer.bool(1, true)
    writer.removeAll()
    #expect(writer.bytes.isEmpty)
  }
}
