/// How far a replica has applied the primary's log, in bytes; prints as PostgreSQL's `pg_lsn`.
public struct ApplyPosition: Identity {
  public var rawValue: UInt64

  public init(rawValue: UInt64) { self.rawValue = rawValue }

  public var description: String {
    let (high, low) = (rawValue >> 32, rawValue & 0xFFFF_FFFF)
    return "\(String(high, radix: 16, uppercase: true))/\(String(low, radix: 16, uppercase: true))"
  }
}
