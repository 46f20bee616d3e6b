/// Lets one line through in so long, and counts the others: whoever knocks without end must not
/// fill a disk.
package struct LogThrottle {
  package let interval: Duration
  private var next: ContinuousClock.Instant?
  private var dropped = 0

  package init(interval: Duration) { self.interval = interval }

  /// - Returns: How many lines were kept back since the last one; nil: keep this one back too.
  package mutating func pass(at now: ContinuousClock.Instant) -> Int? {
    if let next, now < next {
      dropped += 1
      return nil
    }
    next = now + interval
    defer { dropped = 0 }
    return dropped
  }
}
