/// 128 bits that stand for a whole state; what computes them is the state's own business.
@frozen
public struct SnapshotDigest: Hashable, Sendable, CustomStringConvertible {
  public var rawValue: UInt128

  @inlinable
  public init(rawValue: UInt128) { self.rawValue = rawValue }

  /// 32 lower-case hexadecimal digits.
  public var description: String {
    let digits = String(rawValue, radix: 16)
    return String(repeating: "0", count: 32 - digits.count) + digits
  }
}
