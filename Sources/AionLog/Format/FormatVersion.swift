/// The version of the file format; every header states it.
@frozen
public struct FormatVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
  public var rawValue: UInt32

  @inlinable
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The version that this program writes, and the newest that it reads.
  public static let current = FormatVersion(rawValue: 1)

  @inlinable
  public static func < (left: FormatVersion, right: FormatVersion) -> Bool {
    left.rawValue < right.rawValue
  }

  public var description: String { String(rawValue) }
}
