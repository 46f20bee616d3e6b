/// What happened, as a number and, for whoever listens, as lines.
struct Trace {
  private let listener: ((String) -> Void)?
  /// FNV-1a over everything that was noted: equal for equal runs.
  private(set) var fingerprint: UInt64 = 0xCBF2_9CE4_8422_2325
  private(set) var events = 0

  init(_ listener: ((String) -> Void)?) { self.listener = listener }

  var isHeard: Bool { listener != nil }

  mutating func note(_ numbers: UInt64...) {
    events += 1
    for number in numbers {
      fingerprint = (fingerprint ^ number) &* 0x0000_0100_0000_01B3
      fingerprint ^= fingerprint >> 29
    }
  }

  func say(_ now: Moment, _ line: @autoclosure () -> String) { listener?("\(now) \(line())") }
}
