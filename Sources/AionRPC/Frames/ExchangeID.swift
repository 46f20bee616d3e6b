public import AionModel

/// Names a request on its connection.
@frozen
public struct ExchangeID: Identity {
  public var rawValue: UInt64

  @inlinable
  public init(rawValue: UInt64) { self.rawValue = rawValue }
}
