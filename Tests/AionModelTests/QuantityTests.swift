import AionModel
import Testing

@Suite("Quantities that people read")
struct QuantityTests {
  @Test(
    "Bytes print in binary units, with a tenth where it says something",
    arguments: [
      (0, "0 B"), (1, "1 B"), (1_023, "1023 B"), (1_024, "1 KiB"), (1_536, "1.5 KiB"),
      (10_240, "10 KiB"), (64 << 20, "64 MiB"), (3 << 30, "3 GiB"), (5 << 40, "5 TiB"),
      (5_000 << 40, "5000 TiB"), (-1_536, "-1.5 KiB"),
    ])
  func byteCounts(bytes: Int, text: String) {
    #expect("\(ByteCount(bytes))" == text)
  }

  @Test("A count just below a unit is rounded into the next one")
  func rounding() {
    #expect("\(ByteCount((1 << 20) - 1))" == "1 MiB")
    #expect("\(ByteCount(1_075))" == "1 KiB")
    #expect("\(ByteCount(1_076))" == "1.1 KiB")
  }

  @Test("The largest and the smallest count print too")
  func extremes() {
    #expect("\(ByteCount(.max))" == "8388608 TiB")
    #expect("\(ByteCount(.min))" == "-8388608 TiB")
  }

  @Test("Bytes add up")
  func arithmetic() {
    var sum = ByteCount.kibibytes(1) + .mebibytes(1)
    sum -= 24
    sum += .zero
    #expect(sum == ByteCount(1_000 + (1 << 20)))
    #expect(sum - 1_000 == .mebibytes(1) && sum < .gibibytes(1))
  }

  @Test(
    "A moment prints as ISO 8601 in UTC with milliseconds",
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"),
      (1_772_368_496_789_000_000, "2026-03-01T12:34:56.789Z"),
      (951_782_400_000_000_000, "2000-02-29T00:00:00.000Z"),
      (4_107_542_399_999_999_999, "2100-02-28T23:59:59.999Z"),
      (4_107_542_400_000_000_000, "2100-03-01T00:00:00.000Z"),
      (-1, "1969-12-31T23:59:59.999Z"),
      (-86_400_000_000_000, "1969-12-31T00:00:00.000Z"),
      (.max, "2262-04-11T23:47:16.854Z"),
      (.min, "1677-09-21T00:12:43.145Z"),
    ] as [(Int64, String)])
  func wallTimes(nanoseconds: Int64, text: String) {
    #expect("\(WallTime(nanosecondsSince1970: nanoseconds))" == text)
  }

  @Test("Moments are ordered")
  func momentsInOrder() {
    #expect(WallTime(nanosecondsSince1970: -1) < .epoch)
  }

  @Test("The generator gives the published sequence")
  func generator() {
    var generator = SplitMix64(seed: 1_234_567)
    let drawn = (0..<5).map { _ in generator.next() }
    #expect(
      drawn == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
        4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
      ])
  }
}
