public import AionModel

/// What a replica must not forget (Raft figure 2, "persistent state"), one atomic record.
///
/// The commit index rides along: losing a newer one in a crash is harmless.
@frozen
public struct HardState: Hashable, Sendable {
  public var term: Term
  /// Whom this replica voted for in `term`.
  public var vote: ReplicaID?
  public var commit: LogIndex

  @inlinable
  public init(term: Term = .zero, vote: ReplicaID? = nil, commit: LogIndex = .zero) {
    self.term = term
    self.vote = vote
    self.commit = commit
  }
}
