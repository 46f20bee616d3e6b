public import AionModel

/// How often something happens: times in a million.
public struct Odds: Hashable, Sendable {
  public var perMillion: Int

  public init(perMillion: Int) { self.perMillion = perMillion }

  public static let never = Odds(perMillion: 0)
  public static let always = Odds(perMillion: 1_000_000)

  /// Times in a hundred.
  public static func percent(_ count: Int) -> Odds { Odds(perMillion: count * 10_000) }
}

/// What a simulation draws from a stream.
extension SplitMix64 {
  /// A number from 0 to below `bound`, which is above 0.
  public mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  public mutating func happens(_ odds: Odds) -> Bool { below(1_000_000) < odds.perMillion }

  public mutating func number(in range: ClosedRange<Int>) -> Int {
    range.lowerBound + below(range.count)
  }

  /// One of them; there must be one.
  public mutating func one<Element>(of elements: [Element]) -> Element {
    elements[below(elements.count)]
  }

  /// Lengths of time from none to twice `mean`.
  mutating func span(around mean: Span) -> Span {
    Span(microseconds: mean.microseconds <= 0 ? 0 : below(2 * mean.microseconds + 1))
  }

  /// A stream of its own for one concern: what is drawn for one never shifts what another draws.
  init(seed: UInt64, concern: UInt64) {
    var mixer = SplitMix64(seed: seed ^ (concern &* 0xD1B5_4A32_D192_ED03))
    self.init(seed: mixer.next())
  }
}
