/// When a replica's clock ticks.
///
/// Ticks that a stalled process has missed are gone: were they made up for, a replica that slept
/// would believe that it had heard of no leader all the while. It is told a monotonic time, so that
/// setting the wall clock decides nothing.
package struct TickSchedule<Instant: InstantProtocol> where Instant.Duration == Duration {
  private let interval: Duration
  /// When the next tick is due.
  package private(set) var next: Instant

  package init(every interval: Duration, from start: Instant) {
    self.interval = interval
    next = start.advanced(by: interval)
  }

  /// Whether a tick is due; it is then taken.
  package mutating func takeTick(at now: Instant) -> Bool {
    guard now >= next else { return false }
    let following = next.advanced(by: interval)
    next = following > now ? following : now.advanced(by: interval)
    return true
  }

  /// How long until the next tick.
  package func pause(from now: Instant) -> Duration { max(.zero, now.duration(to: next)) }
}
