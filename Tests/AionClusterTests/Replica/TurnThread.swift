import AionCluster
import Dispatch

/// A thread for turns, as far as a replica can tell: one thing after the other.
final class TurnThread: ReplicaThread {
  private let queue = DispatchQueue(label: "turns")

  func run(_ body: @escaping @Sendable () -> Void) { queue.async(execute: body) }

  func run(after pause: Duration, _ body: @escaping @Sendable () -> Void) {
    let (seconds, attoseconds) = pause.components
    let nanoseconds = Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)
    queue.asyncAfter(deadline: .now() + .nanoseconds(nanoseconds), execute: body)
  }
}
