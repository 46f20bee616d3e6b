import AionWire
import Testing

@Suite("Bytes cut short, changed and made up")
struct RandomBytesTests {
  /// A message with every shape of field, nested twice.
  static let sample = write { writer in
    writer.alwaysVarint(1, 300)
    writer.alwaysSint(2, -5)
    writer.fixed64(3, 1 << 60)
    writer.fixed32(4, 77)
    writer.alwaysString(5, "größe")
    writer.alwaysBytes(6, [0, 255, 1])
    writer.message(7) { inner in
      inner.alwaysString(5, String(repeating: "long ", count: 40))
      inner.message(7) { $0.alwaysVarint(1, .max) }
    }
    writer.alwaysVarint(2_000, 1)
  }

  @Test("Cut at every byte: the error says where, or the fields before the cut are read")
  func truncated() {
    for count in 0..<Self.sample.count {
      let bytes = Array(Self.sample[..<count])
      do throws(WireError) {
        let fields = try readAll(bytes)
        #expect(fields <= 11)
      } catch {
        #expect(0...count ~= error.offset, "cut at \(count): \(error)")
      }
    }
  }

  @Test(
    "Changed and made-up bytes never trap, and errors stay inside the bytes",
    arguments: 0..<20 as Range<UInt64>)
  func random(seed: UInt64) {
    var generator = Generator(state: seed)
    for turn in 0..<2_000 {
      var bytes = Self.sample
      if turn % 4 == 0 {
        bytes = (0..<Int.random(in: 0..<60, using: &generator)).map { _ in
          .random(in: 0...255, using: &generator)
        }
      } else {
        for _ in 0...turn % 5 {
          let place = Int.random(in: 0..<bytes.count, using: &generator)
          bytes[place] = .random(in: 0...255, using: &generator)
        }
      }
      do throws(WireError) {
        _ = try readAll(bytes)
      } catch {
        #expect(
          0...bytes.count ~= error.offset,
          "seed \(seed), turn \(turn): repeat with swift test --filter RandomBytesTests")
      }
    }
  }

  /// Reads as much as it can understand; the number of fields.
  private func readAll(_ bytes: [UInt8]) throws(WireError) -> Int {
    try WireReader.reading(bytes) { reader throws(WireError) in try readAll(&reader) }
  }

  private func readAll(_ reader: inout WireReader) throws(WireError) -> Int {
    var count = 0
    while let field = try reader.next() {
      count += 1
      switch field.number {
      case 1: _ = try reader.uint64(field)
      case 2: _ = try reader.sint(field)
      case 3: _ = try reader.fixed64(field)
      case 4: _ = try reader.fixed32(field)
      case 5: _ = try reader.string(field)
      case 6: _ = try reader.bytes(field)
      case 7:
        var nested = try reader.message(field)
        count += try readAll(&nested)
      default: try reader.skip(field)
      }
    }
    return count
  }
}

/// SplitMix64, so that this module's tests need no other module.
private struct Generator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
