public import AionModel

/// A run of changes, and how far they tell what happened.
public struct ChangePage: Hashable, Sendable {
  /// In order.
  public var changes: [Change]
  /// There are no further changes up to this index.
  public var through: LogIndex

  public init(changes: [Change], through: LogIndex) {
    self.changes = changes
    self.through = through
  }
}
