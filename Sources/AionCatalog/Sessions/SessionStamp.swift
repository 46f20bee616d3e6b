public import AionModel

/// What makes a batch apply once, however often it reaches the log.
///
/// The first batch of a sequence is applied or refused, and its outcome is kept in the state; every
/// further one with that sequence is answered with the same outcome and does nothing. A client
/// gets its stamps from a `ClientSession`.
public struct SessionStamp: Hashable, Sendable {
  public var session: SessionID
  /// The same for each attempt at one write, and never for two writes.
  public var sequence: SequenceNumber
  /// The client has been answered every sequence below this one: their outcomes may be forgotten.
  /// Counts up to `sequence` at most.
  public var answeredBelow: SequenceNumber

  public init(session: SessionID, sequence: SequenceNumber, answeredBelow: SequenceNumber) {
    self.session = session
    self.sequence = sequence
    self.answeredBelow = answeredBelow
  }
}
