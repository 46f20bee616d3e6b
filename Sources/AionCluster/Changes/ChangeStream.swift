public import AionCatalog
public import AionModel

/// Every applied change from an index on, in order, as long as one asks for the next.
///
/// A cache follows it: take a snapshot, then the changes from the index after the snapshot's. It
/// can be left and taken up again at any index. When changes that are asked for next are no longer
/// kept it ends with `ClusterError.compacted`: start again from a snapshot. It ends with `closed`
/// when the control plane closes.
public struct ChangeStream: AsyncSequence, Sendable {
  public typealias Element = Change
  public typealias Failure = ClusterError

  let feed: ChangeFeed
  let start: LogIndex

  public func makeAsyncIterator() -> Iterator { Iterator(feed: feed, next: start) }

  public struct Iterator: AsyncIteratorProtocol {
    let feed: ChangeFeed
    private var page: ArraySlice<Change> = []
    /// The index from which on to ask when the page is used up.
    private var wanted: LogIndex

    init(feed: ChangeFeed, next: LogIndex) {
      self.feed = feed
      wanted = next
    }

    public mutating func next() async throws(ClusterError) -> Change? {
      try await next(isolation: #isolation)
    }

    public mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(ClusterError) -> Change? {
      if page.isEmpty { page = try await feed.changes(from: wanted) }
      guard let change = page.popFirst() else { return nil }
      wanted = change.index.next
      return change
    }
  }
}
