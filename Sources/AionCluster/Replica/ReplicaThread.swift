/// A thread that a replica takes turns on: the event loop of its connections to other replicas, so
/// that what they send wakes no second thread, and what it sends neither.
///
/// The replica holds it up for as long as its disk takes. Whatever must not wait for that has no
/// place there. The thread goes on for as long as the replica is open, and runs nothing of what it
/// is given before the call that gives it returns.
public protocol ReplicaThread: Sendable {
  /// Runs `body` on the thread, soon.
  func run(_ body: @escaping @Sendable () -> Void)

  /// Runs `body` on the thread after a while, and what else the thread has to do before.
  func run(after pause: Duration, _ body: @escaping @Sendable () -> Void)
}
