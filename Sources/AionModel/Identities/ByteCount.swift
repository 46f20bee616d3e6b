/// A number of bytes. Prints in binary units, rounded to a tenth: `64 MiB`, `1.5 KiB`, `12 B`.
@frozen
public struct ByteCount: Hashable, Comparable, Sendable, ExpressibleByIntegerLiteral,
  CustomStringConvertible
{
  public var bytes: Int

  @inlinable
  public init(_ bytes: Int) { self.bytes = bytes }

  @inlinable
  public init(integerLiteral value: Int) { self.bytes = value }

  public static let zero = ByteCount(0)

  /// `count` × 1,024 bytes.
  public static func kibibytes(_ count: Int) -> ByteCount { ByteCount(count << 10) }
  /// `count` × 1,024² bytes.
  public static func mebibytes(_ count: Int) -> ByteCount { ByteCount(count << 20) }
  /// `count` × 1,024³ bytes.
  public static func gibibytes(_ count: Int) -> ByteCount { ByteCount(count << 30) }

  @inlinable
  public static func < (left: ByteCount, right: ByteCount) -> Bool { left.bytes < right.bytes }

  @inlinable
  public static func + (left: ByteCount, right: ByteCount) -> ByteCount {
    ByteCount(left.bytes + right.bytes)
  }

  @inlinable
  public static func - (left: ByteCount, right: ByteCount) -> ByteCount {
    ByteCount(left.bytes - right.bytes)
  }

  @inlinable
  public static func += (left: inout ByteCount, right: ByteCount) { left = left + right }

  @inlinable
  public static func -= (left: inout ByteCount, right: ByteCount) { left = left - right }

  public var description: String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB"]
    var unit = 0
    var divisor: UInt = 1
    while bytes.magnitude / divisor >= 1024, unit + 1 < units.count {
      divisor *= 1024
      unit += 1
    }
    let (whole, rest) = bytes.magnitude.quotientAndRemainder(dividingBy: divisor)
    var tenths = unit == 0 ? whole * 10 : whole * 10 + (rest * 10 + divisor / 2) / divisor
    if tenths >= 10_240, unit + 1 < units.count {
      tenths = 10
      unit += 1
    }
    let fraction = tenths % 10 == 0 ? "" : ".\(tenths % 10)"
    return "\(bytes < 0 ? "-" : "")\(tenths / 10)\(fraction) \(units[unit])"
  }
}
