public import AionModel

/// A batch that changed the state, and where in the log it did.
///
/// Whoever applies the changes in their order to the state from which they begin comes to the same
/// state, and so to the same digest, as the replica that they come from:
///
///     for change in changes { follower.apply(change) }
public struct Change: Hashable, Sendable {
  public var batch: CommandBatch
  public var applied: Applied

  public init(batch: CommandBatch, applied: Applied) {
    self.batch = batch
    self.applied = applied
  }

  public var index: LogIndex { applied.index }
}

extension ClusterState {
  /// Follows a change that another replica applied.
  ///
  /// - Returns: False when this state did something else: then it did not begin where the changes
  ///   do, or one between was left out.
  /// - Precondition: The change's index is above every index applied so far.
  public mutating func apply(_ change: Change) -> Bool {
    apply(change.batch, at: change.index) == .success(change.applied)
  }
}
