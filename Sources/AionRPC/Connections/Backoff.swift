import AionModel
import NIOCore

/// How long to wait before trying to connect again: longer with each failure, and never exactly as
/// long as another process waits, so that a restarted server is not run over.
struct Backoff {
  private static let shortest = TimeAmount.milliseconds(50)
  private static let longest = TimeAmount.seconds(2)

  private var failures = 0
  private var chance: SplitMix64

  init(seed: UInt64) { chance = SplitMix64(seed: seed) }

  mutating func succeeded() { failures = 0 }

  /// A time between half and all of what the number of failures so far allows.
  mutating func next() -> TimeAmount {
    let doubled = Self.shortest.nanoseconds << min(failures, 10)
    failures += 1
    let most = min(doubled, Self.longest.nanoseconds)
    return .nanoseconds(.random(in: most / 2...most, using: &chance))
  }
}
