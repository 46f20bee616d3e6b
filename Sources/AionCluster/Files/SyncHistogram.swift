import Synchronization

/// How long syncs of files took. Read by whoever draws curves; decides nothing.
public final class SyncHistogram: Sendable {
  /// Upper bounds of the buckets; what took longer is in one more.
  public static let bounds: [Duration] = [
    .microseconds(100), .microseconds(250), .microseconds(500), .milliseconds(1),
    .milliseconds(2), .milliseconds(5), .milliseconds(10), .milliseconds(25), .milliseconds(50),
    .milliseconds(100), .milliseconds(250), .milliseconds(500), .seconds(1), .seconds(2),
    .seconds(5),
  ]

  private struct State {
    var counts = [UInt64](repeating: 0, count: SyncHistogram.bounds.count + 1)
    var total = Duration.zero
  }

  private let state = Mutex(State())

  public init() {}

  func add(_ duration: Duration) {
    let place = Self.bounds.firstIndex { duration <= $0 } ?? Self.bounds.count
    state.withLock { state in
      state.counts[place] += 1
      state.total += duration
    }
  }

  /// Syncs in each bucket, not summed up, and the time that all took together.
  public var contents: (counts: [UInt64], total: Duration) {
    state.withLock { ($0.counts, $0.total) }
  }
}
