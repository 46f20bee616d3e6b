/// How many writes make a batch that is worth what it costs, and how long fewer wait for others.
///
/// A batch costs each replica a sync and several switches between threads, whatever it holds. So as
/// long as some are under way, those that come are kept until they are twice as many; and where
/// many write at a time, until all of them have come again who were just answered. After a pause
/// that brings none the next one goes at once; whoever writes alone never waits
/// (Docs/Decisions/0030-gathering.md).
package struct Gathering: Sendable {
  /// So many go at once.
  package var count: Int
  /// Fewer go when they have waited for so long.
  package var patience: Duration

  package init(count: Int, patience: Duration) {
    precondition(count > 0, "no writes are no batch")
    self.count = count
    self.patience = patience
  }

  /// - Parameters:
  ///   - underWay: Writes that are proposed and not answered.
  ///   - writers: Whose patience is used; 0 lets everything go at once.
  package init(underWay: Int, writers: ExpectedWriters) {
    let count = writers.areMany ? writers.count : max(1, underWay * 2)
    self.init(count: writers.patience > .zero ? count : 1, patience: writers.patience)
  }

  /// Everything goes at once.
  package static let none = Gathering(count: 1, patience: .zero)

  /// For a queue that holds no more than so many.
  func within(_ limit: Int) -> Gathering {
    Gathering(count: max(1, min(count, limit)), patience: patience)
  }
}
