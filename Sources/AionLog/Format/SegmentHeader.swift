// The first record of a segment, 128 bytes (see HeaderFrame for the first 16).
//
//   offset  size
//       16     4  format version
//       20     4  flags: 1 the log starts over after `base`, 2 the hard state has a vote
//       24    16  cluster id
//       40     8  replica id
//       48     8  number: the segment's name
//       56     8  number of the segment before it, 0 for the first
//       64     8  base: index of the last entry before it
//       72     8  base: its term
//       80     4  chain value at the end of the segment before it
//       84     4  zero
//       88     8  creation time, nanoseconds since 1970, signed
//       96     8  hard state: term
//      104     8  hard state: vote
//      112     8  hard state: commit
//      120     8  zero

public import AionModel
public import AionRaft
import CCRC32C

/// What a segment says about itself and about the one before it.
public struct SegmentHeader: Hashable, Sendable {
  public static let length = ByteCount(128)

  public var identity: Owner
  public var number: SegmentNumber
  /// The segment that this one continues; nil for the first.
  public var previous: SegmentNumber?
  /// The last entry before this segment's first.
  public var base: LogPosition
  /// Whether everything before is superseded by a snapshot that ends at `base`.
  public var startsOver: Bool
  /// The chain value at the end of the segment before it.
  public var chain: UInt32
  public var createdAt: WallTime
  /// The hard state when the segment was made, so that older segments can be removed.
  public var hardState: HardState

  /// Whose file it is.
  public struct Owner: Hashable, Sendable {
    public var cluster: ClusterID
    public var replica: ReplicaID

    public init(cluster: ClusterID, replica: ReplicaID) {
      self.cluster = cluster
      self.replica = replica
    }
  }
}

extension SegmentHeader {
  private static let startsOverFlag: UInt32 = 1
  private static let hasVoteFlag: UInt32 = 2

  func encoded() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Self.length.bytes)
    bytes.withUnsafeMutableBytes { buffer in
      buffer.store(FormatVersion.current.rawValue, at: 16)
      let flags =
        (startsOver ? Self.startsOverFlag : 0) | (hardState.vote != nil ? Self.hasVoteFlag : 0)
      buffer.store(flags, at: 20)
      buffer.store(identity.cluster.rawValue, at: 24)
      buffer.store(identity.replica.rawValue, at: 40)
      buffer.store(number.rawValue, at: 48)
      buffer.store(previous?.rawValue ?? 0, at: 56)
      buffer.store(base.index.rawValue, at: 64)
      buffer.store(base.term.rawValue, at: 72)
      buffer.store(chain, at: 80)
      buffer.store(createdAt.nanosecondsSince1970, at: 88)
      buffer.store(hardState.term.rawValue, at: 96)
      buffer.store(hardState.vote?.rawValue ?? 0, at: 104)
      buffer.store(hardState.commit.rawValue, at: 112)
      HeaderFrame.finish(.segment, in: buffer, covered: buffer.count, length: buffer.count)
    }
    return bytes
  }

  init(decoding bytes: UnsafeRawBufferPointer) throws(LogDamage.Finding) {
    try HeaderFrame.verifyVersioned(bytes, kind: .segment, minimum: Self.length.bytes)
    let flags = bytes.load(UInt32.self, at: 20)
    let previous = bytes.load(UInt64.self, at: 56)
    let vote = ReplicaID(bytes.load(UInt64.self, at: 104))
    for place in [48, 56, 64, 112] {
      let index = LogIndex(bytes.load(UInt64.self, at: place))
      guard index <= .highest else { throw .indexOutOfRange(index) }
    }
    self.init(
      identity: Owner(
        cluster: ClusterID(bytes.load(UInt128.self, at: 24)),
        replica: ReplicaID(bytes.load(UInt64.self, at: 40))),
      number: SegmentNumber(rawValue: bytes.load(UInt64.self, at: 48)),
      previous: previous == 0 ? nil : SegmentNumber(rawValue: previous),
      base: LogPosition(
        term: Term(bytes.load(UInt64.self, at: 72)),
        index: LogIndex(bytes.load(UInt64.self, at: 64))),
      startsOver: flags & Self.startsOverFlag != 0,
      chain: bytes.load(UInt32.self, at: 80),
      createdAt: WallTime(nanosecondsSince1970: bytes.load(Int64.self, at: 88)),
      hardState: HardState(
        term: Term(bytes.load(UInt64.self, at: 96)),
        vote: flags & Self.hasVoteFlag != 0 ? vote : nil,
        commit: LogIndex(bytes.load(UInt64.self, at: 112))))
  }
}

extension HeaderFrame {
  /// Proves a header that states its format version at offset 16.
  ///
  /// A newer version may be longer and hold anything after the version; it is told apart from
  /// damage because its checksum holds.
  static func verifyVersioned(
    _ bytes: UnsafeRawBufferPointer, kind: Kind, minimum: Int
  ) throws(LogDamage.Finding) {
    let length = try statedLength(bytes)
    try verify(bytes, covered: length)
    guard self.kind(of: bytes) == kind, length >= 20 else { throw .notAHeader }
    let version = FormatVersion(rawValue: bytes.load(UInt32.self, at: 16))
    guard version <= .current else {
      throw .futureVersion(found: version, supported: .current)
    }
    guard length >= minimum else { throw .notAHeader }
  }
}
