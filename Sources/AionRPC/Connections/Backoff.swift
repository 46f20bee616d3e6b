import AionModel
import NIOCore

/// How long to wait before trying to connect again: longer with each failure, and never exactly as
/// long as another process waits, so that a restarted server is not run over.
struct Backoff {
  private let pauses: ClosedRange<Duration>
  private var failures = 0
  private var chance: SplitMix64

  /// - Parameter pauses: The longest pause after the first failure, and after any.
  init(seed: UInt64, within pauses: ClosedRange<Duration>) {
    self.pauses = pauses
    chance = SplitMix64(seed: seed)
  }

  mutating func succeeded() { failures = 0 }

  /// A time between half and all of what the number of failures so far allows.
  mutating func next() -> Duration {
    let most = TimeAmount(min(pauses.lowerBound * (1 << min(failures, 10)), pauses.upperBound))
      .nanoseconds
    failures += 1
    return .nanoseconds(Int64.random(in: most / 2...most, using: &chance))
  }
}
