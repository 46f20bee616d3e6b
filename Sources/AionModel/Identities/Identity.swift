/// A number with a meaning: two identities of different types never mix.
public protocol Identity: RawRepresentable, Hashable, Comparable, Sendable,
  ExpressibleByIntegerLiteral, CustomStringConvertible
where RawValue: FixedWidthInteger & UnsignedInteger & Sendable, IntegerLiteralType == RawValue {
  init(rawValue: RawValue)
}

extension Identity {
  @inlinable
  public init(_ rawValue: RawValue) { self.init(rawValue: rawValue) }

  @inlinable
  public init(integerLiteral value: RawValue) { self.init(rawValue: value) }

  @inlinable
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  public var description: String { String(rawValue) }
}
