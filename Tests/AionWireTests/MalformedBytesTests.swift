import AionWire
import Testing

@Suite("Malformed bytes give an error with its offset")
struct MalformedBytesTests {
  @Test("A varint of eleven bytes, or of more than 64 bits")
  func longVarints() {
    let endless = [0x08] + [UInt8](repeating: 0x80, count: 10) + [0x00]
    #expect(varintRefusal(endless) == WireError(.malformedVarint, at: 1))
    let tooLarge = [0x08] + [UInt8](repeating: 0xFF, count: 9) + [0x02]
    #expect(varintRefusal(tooLarge) == WireError(.malformedVarint, at: 1))
    let largest = [0x08] + [UInt8](repeating: 0xFF, count: 9) + [0x01]
    #expect(varintRefusal(largest) == nil)
  }

  @Test("A number that does not fit the 32 bits of its field")
  func wideNumbers() {
    let bytes = write { $0.alwaysVarint(1, 1 << 32) }
    let error = refusal(bytes) { (reader, field) throws(WireError) in try reader.uint32(field) }
    #expect(error == WireError(.valueOutOfRange(field: 1), at: 0))
  }

  @Test("Field number 0, and one above the largest")
  func fieldNumbers() {
    #expect(varintRefusal([0x00, 0x00]) == WireError(.invalidFieldNumber, at: 0))
    let tooLarge = write { $0.rawVarint(1 << 32) }
    #expect(varintRefusal(tooLarge) == WireError(.invalidFieldNumber, at: 0))
  }

  @Test("Groups and wire types that do not exist", arguments: [3, 4, 6, 7] as [UInt8])
  func wireTypes(raw: UInt8) {
    #expect(varintRefusal([0x08 | raw, 0]) == WireError(.invalidWireType(raw), at: 0))
  }

  @Test("A known field in another wire type")
  func unexpectedWireType() {
    let text = write { $0.alwaysString(1, "x") }
    let number = write { $0.alwaysVarint(1, 1) }
    let expected = WireError(.unexpectedWireType(field: 1), at: 0)
    #expect(varintRefusal(text) == expected)
    #expect(refusal(text) { (r, f) throws(WireError) in try r.fixed64(f) } == expected)
    #expect(refusal(text) { (r, f) throws(WireError) in try r.fixed32(f) } == expected)
    #expect(refusal(text) { (r, f) throws(WireError) in try r.bool(f) } == expected)
    #expect(refusal(text) { (r, f) throws(WireError) in try r.sint(f) } == expected)
    #expect(refusal(number) { (r, f) throws(WireError) in try r.string(f) } == expected)
    #expect(refusal(number) { (r, f) throws(WireError) in try r.bytes(f) } == expected)
    #expect(refusal(number) { (r, f) throws(WireError) in try r.message(f) } == expected)
  }

  @Test("A length past the end allocates nothing", arguments: [2, 1_000, 1 << 40, UInt64.max])
  func lengths(length: UInt64) {
    var bytes: [UInt8] = [0x0A]
    bytes += write { $0.rawVarint(length) }
    bytes.append(0x61)
    let expected = WireError(.lengthOutOfBounds, at: 1)
    #expect(refusal(bytes) { (r, f) throws(WireError) in try r.string(f) } == expected)
    #expect(refusal(bytes) { (r, f) throws(WireError) in try r.bytes(f) } == expected)
    #expect(refusal(bytes) { (r, f) throws(WireError) in try r.message(f) } == expected)
    #expect(refusal(bytes) { (r, f) throws(WireError) in try r.skip(f) } == expected)
  }

  @Test("A length inside a nested message ends with that message, not with the buffer")
  func nestedLengths() throws {
    // Message 1 of two bytes, in which text 1 claims five; the buffer has them, the message not.
    let bytes: [UInt8] = [0x0A, 0x02, 0x0A, 0x05, 0x61, 0x61, 0x61, 0x61, 0x61]
    let error = refusal(bytes) { (reader, field) throws(WireError) -> String in
      var nested = try reader.message(field)
      guard let inner = try nested.next() else { throw nested.missing(1) }
      return try nested.string(inner)
    }
    #expect(error == WireError(.lengthOutOfBounds, at: 3))
  }

  @Test(
    "Text that is not UTF-8",
    arguments: [[0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80]]
      as [[UInt8]])
  func text(invalid: [UInt8]) {
    let bytes = write { $0.alwaysBytes(1, invalid) }
    let error = refusal(bytes) { (reader, field) throws(WireError) in try reader.string(field) }
    #expect(error == WireError(.invalidUTF8, at: 2))
  }

  @Test("Messages nested one deeper than the limit are refused, those at the limit are read")
  func depth() {
    #expect(descend(into: nest(WireReader.maximumDepth)) == nil)
    let error = descend(into: nest(WireReader.maximumDepth + 1))
    #expect(error?.reason == .nestingTooDeep)
  }

  @Test("Errors read as sentences with their place")
  func descriptions() {
    #expect("\(WireError(.truncated, at: 7))" == "message ends inside a field at byte 7")
    #expect("\(WireError(.missingField(3), at: 0))" == "required field 3 is missing at byte 0")
  }

  private func varintRefusal(_ bytes: [UInt8]) -> WireError? {
    refusal(bytes) { (reader, field) throws(WireError) in try reader.uint64(field) }
  }

  private func nest(_ depth: Int) -> [UInt8] {
    (0..<depth).reduce(into: []) { inner, _ in
      inner = write { [inner] in $0.alwaysBytes(1, inner) }
    }
  }

  private func descend(into bytes: [UInt8]) -> WireError? {
    func step(_ reader: inout WireReader) throws(WireError) {
      guard let field = try reader.next() else { return }
      var nested = try reader.message(field)
      try step(&nested)
    }
    do throws(WireError) {
      try WireReader.reading(bytes) { reader throws(WireError) in try step(&reader) }
      return nil
    } catch {
      return error
    }
  }
}
