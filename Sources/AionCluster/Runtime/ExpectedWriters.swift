/// How many write at a time, each waiting for its answer, as far as was seen, and until when those
/// are expected to write again who were answered last.
///
/// Those whose writes are under way and those whose writes wait are so many at least, whenever some
/// are about to be answered. Whether they still are is seen in the next batch, which has waited for
/// them. Only many are expected: waiting for the next writes of few would cost them more than it
/// saves (Docs/Decisions/0031-many-who-write-again.md).
package struct ExpectedWriters: Sendable {
  package typealias Instant = SuspendingClock.Instant

  package static let many = 32

  package private(set) var count = 0
  package let patience: Duration
  private var end: Instant?

  /// - Parameter patience: For how long they are expected, and writes wait at most.
  package init(patience: Duration) { self.patience = patience }

  package var areMany: Bool { count >= Self.many }

  /// Some are about to be answered.
  ///
  /// - Parameter present: Writes that are under way, those among them, and writes that wait.
  package mutating func willAnswer(present: Int, at now: Instant) {
    count = max(count, present)
    end = areMany ? now + patience : nil
  }

  /// A batch goes, or none does, since nobody has come in time.
  ///
  /// - Parameter present: Writes that it holds, and those that are under way already.
  package mutating func willPropose(present: Int) {
    count = present
    end = nil
  }

  /// For how long they are expected still; nil: they are not.
  package func timeLeft(at now: Instant) -> Duration? {
    end.flatMap { now < $0 ? $0 - now : nil }
  }
}
