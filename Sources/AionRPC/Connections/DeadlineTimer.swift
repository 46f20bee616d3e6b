import NIOCore

/// One timer for many deadlines, most of which are never reached: it is set for the earliest, left
/// alone when that is met, and then set for the earliest of those that are left.
struct DeadlineTimer {
  /// How much later than its deadline something may be ended.
  static let grain = TimeAmount.milliseconds(10)

  private var timer: Scheduled<Void>?
  private var due = NIODeadline.distantFuture

  /// Sees to it that `look` is called no earlier than `deadline`, and soon after it.
  mutating func cover(
    _ deadline: NIODeadline, on loop: any EventLoop, _ look: @escaping @Sendable () -> Void
  ) {
    guard deadline < due else { return }
    timer?.cancel()
    due = deadline
    timer = loop.scheduleTask(deadline: max(deadline, .now() + Self.grain), look)
  }

  /// Called by `look`: what is not over yet has to be covered anew.
  mutating func fired() {
    timer = nil
    due = .distantFuture
  }

  mutating func cancel() {
    timer?.cancel()
    fired()
  }
}
