/// A fingerprint of a `ClusterState`: equal states have equal digests, and states that differ have
/// different ones but for a chance of about 2^-128.
///
/// It is the sum modulo 2^128 of a hash of each record's canonical bytes, so it does not depend on
/// the order in which the records came, and a change costs the hash of what was and what is.
/// It tells replicas that have drifted apart; it does not stand against someone who forges records.
@frozen
public struct StateDigest: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  public var rawValue: UInt128

  @inlinable
  public init(rawValue: UInt128) { self.rawValue = rawValue }

  /// The digest of no records.
  package static let empty = StateDigest(rawValue: 0)

  /// 32 lower-case hexadecimal digits.
  public var description: String {
    let digits = String(rawValue, radix: 16)
    return String(repeating: "0", count: 32 - digits.count) + digits
  }

  package mutating func add(_ record: UnsafeRawBufferPointer) {
    rawValue &+= SipHash.hash(record, key: Self.key)
  }

  package mutating func subtract(_ record: UnsafeRawBufferPointer) {
    rawValue &-= SipHash.hash(record, key: Self.key)
  }

  /// "aion.v1.StateDig", little endian. Part of the format: never changes.
  private static let key: (UInt64, UInt64) = (0x2E31_762E_6E6F_6961, 0x6769_4465_7461_7453)
}
