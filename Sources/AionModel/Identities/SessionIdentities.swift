/// A client's session in the replicated catalog. Never reused.
@frozen
public struct SessionID: Identity {
  public var rawValue: UInt64

  @inlinable
  public init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// Which of a session's writes one is. The first is 1; a retry has the number of the original.
@frozen
public struct SequenceNumber: Identity {
  public var rawValue: UInt64

  @inlinable
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  public static let first = SequenceNumber(1)

  @inlinable
  public var next: SequenceNumber { SequenceNumber(rawValue + 1) }
}
