package import AionNode

/// How many write at a time, each waiting for its answer, as far as was seen, and until when those
/// are expected to write again who were answered last.
///
/// Those whose writes are under way and those whose writes wait are so many at least, whenever some
/// are about to be answered. Whether they still are is seen in the next batch, which has waited for
/// them. Only many are expected: waiting for the next writes of few would cost them more than it
/// saves (Docs/Decisions/0031-many-who-write-again.md).
///
/// Where batches take long although they are large, the processors have more to do than they can,
/// and large batches are what saves work: then writes wait for longer
/// (Docs/Decisions/0033-longer-where-batches-take-long.md).
package struct ExpectedWriters: Sendable {
  package typealias Instant = SuspendingClock.Instant

  /// So many are: writers that are worth waiting for, and writes that make a batch a large one.
  package static let many = 32
  /// How many times as long, at most.
  package static let longest = 5

  package private(set) var count = 0
  private let shortest: Duration
  /// The batch whose time is taken, from its going to the first of its answers.
  private var batch: (count: Int, first: SubmissionID, begun: Instant)?
  /// How long writes wait while many are expected.
  private var longPatience: Duration
  private var end: Instant?

  /// - Parameter patience: For how long they are expected, and writes wait at most; where batches
  ///   are large, twice as long as one takes, and up to five times as long.
  package init(patience: Duration) {
    shortest = patience
    longPatience = patience
  }

  package var areMany: Bool { count >= Self.many }

  /// For how long they are expected, and writes wait at most.
  package var patience: Duration { areMany ? longPatience : shortest }

  /// Some are about to be answered.
  ///
  /// - Parameters:
  ///   - last: The newest of them.
  ///   - present: Writes that are under way, those among them, and writes that wait.
  package mutating func willAnswer(through last: SubmissionID, present: Int, at now: Instant) {
    count = max(count, present)
    if let batch, batch.first <= last {
      let wanted = batch.count < Self.many ? shortest : (now - batch.begun) * 2
      longPatience = min(max(shortest, wanted), shortest * Self.longest)
      self.batch = nil
    }
    end = areMany ? now + patience : nil
  }

  /// A batch goes, or none does, since nobody has come in time.
  ///
  /// - Parameters:
  ///   - count: Writes that it holds.
  ///   - first: The oldest of them.
  ///   - underWay: Writes that are under way already.
  package mutating func willPropose(
    _ count: Int, from first: SubmissionID, underWay: Int, at now: Instant
  ) {
    if count > 0, batch == nil { batch = (count, first, now) }
    self.count = count + underWay
    end = nil
  }

  /// Nobody is answered by this replica any more whose writes are under way.
  package mutating func forgetBatch() { batch = nil }

  /// For how long they are expected still; nil: they are not.
  package func timeLeft(at now: Instant) -> Duration? {
    end.flatMap { now < $0 ? $0 - now : nil }
  }
}
