public import AionModel

/// One entry of the replicated log.
@frozen
public struct Entry: Hashable, Sendable {
  public var index: LogIndex
  public var term: Term
  /// When the proposer's clock said it was proposed; for people, decides nothing.
  public var proposedAt: WallTime
  public var payload: Payload

  /// What the entry carries.
  @frozen
  public enum Payload: Hashable, Sendable {
    /// A leader's first entry of its term, or what a refused configuration change became.
    case empty
    /// Bytes of the state machine; the core never looks inside.
    case command([UInt8])
    case configuration(ConfigurationChange)
  }

  @inlinable
  public init(
    index: LogIndex, term: Term, proposedAt: WallTime = .epoch, payload: Payload = .empty
  ) {
    self.index = index
    self.term = term
    self.proposedAt = proposedAt
    self.payload = payload
  }

  @inlinable
  public var position: LogPosition { LogPosition(term: term, index: index) }
}
