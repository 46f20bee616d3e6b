public import AionModel

/// A batch that changed the state, and where in the log it did.
///
/// Whoever applies the changes in their order to the state from which they begin comes to the same
/// state, and so to the same digest, as the replica that they come from:
///
///     for change in changes { follower.apply(change) }
///
/// A refusal is among them when the batch has a stamp: that it was refused is remembered.
public struct Change: Hashable, Sendable {
  public var index: LogIndex
  public var batch: CommandBatch
  public var outcome: BatchOutcome

  public init(at index: LogIndex, batch: CommandBatch, outcome: BatchOutcome) {
    self.index = index
    self.batch = batch
    self.outcome = outcome
  }
}

extension ClusterState {
  /// Follows a change that another replica applied.
  ///
  /// - Returns: False when this state did something else: then it did not begin where the changes
  ///   do, or one between was left out.
  /// - Precondition: The change's index is above every index applied so far.
  public mutating func apply(_ change: Change) -> Bool {
    apply(change.batch, at: change.index) == change.outcome && wasChanged
  }

  /// The batch that was applied last as those hear of it who follow; nil when it changed nothing.
  public func change(
    by batch: CommandBatch, at index: LogIndex, to outcome: BatchOutcome
  ) -> Change? {
    wasChanged ? Change(at: index, batch: batch, outcome: outcome) : nil
  }
}
