public import AionModel

/// A version of the conversation between processes. Two sides speak the newest that both know.
@frozen
public struct ProtocolVersion: Identity, Strideable {
  public var rawValue: UInt32

  @inlinable
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// What this release speaks.
  public static let supported: ClosedRange<ProtocolVersion> = 1...1

  // Said here because `Identity` and `Strideable` each bring one.
  @inlinable
  public static func < (left: ProtocolVersion, right: ProtocolVersion) -> Bool {
    left.rawValue < right.rawValue
  }

  @inlinable
  public func distance(to other: ProtocolVersion) -> Int { Int(other.rawValue) - Int(rawValue) }

  @inlinable
  public func advanced(by count: Int) -> ProtocolVersion {
    ProtocolVersion(UInt32(Int(rawValue) + count))
  }
}
