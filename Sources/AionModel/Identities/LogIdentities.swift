/// A raft term. Term 0 is before the first election.
@frozen
public struct Term: Identity {
  public var rawValue: UInt64

  @inlinable
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  public static let zero = Term(0)

  @inlinable
  public var next: Term { Term(rawValue + 1) }
}

/// The place of an entry in the replicated log. Index 0 is before the first entry.
@frozen
public struct LogIndex: Identity, Strideable {
  public var rawValue: UInt64

  @inlinable
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  public static let zero = LogIndex(0)

  @inlinable
  public var next: LogIndex { LogIndex(rawValue + 1) }

  /// The index before this one; index 0 has none and stays where it is.
  @inlinable
  public var previous: LogIndex { LogIndex(rawValue == 0 ? 0 : rawValue - 1) }

  // Said here because `Identity` and `Strideable` each bring one.
  @inlinable
  public static func < (left: LogIndex, right: LogIndex) -> Bool { left.rawValue < right.rawValue }

  @inlinable
  public func distance(to other: LogIndex) -> Int {
    Int(Int64(bitPattern: other.rawValue &- rawValue))
  }

  @inlinable
  public func advanced(by count: Int) -> LogIndex {
    LogIndex(rawValue &+ UInt64(bitPattern: Int64(count)))
  }
}

/// The term and index of an entry. Orders logs as Raft §5.4.1 does: by term, then by index.
@frozen
public struct LogPosition: Hashable, Comparable, Sendable, CustomStringConvertible {
  public var term: Term
  public var index: LogIndex

  @inlinable
  public init(term: Term, index: LogIndex) {
    self.term = term
    self.index = index
  }

  public static let zero = LogPosition(term: .zero, index: .zero)

  @inlinable
  public static func < (left: LogPosition, right: LogPosition) -> Bool {
    (left.term, left.index) < (right.term, right.index)
  }

  /// `term/index`, as in Raft transcripts.
  public var description: String { "\(term)/\(index)" }
}

/// A member of a raft group. Never reused: a replica that lost its disk comes back under a new one.
@frozen
public struct ReplicaID: Identity {
  public var rawValue: UInt64

  @inlinable
  public init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// A whole cluster; every file and message carries it, so that two clusters never mix.
@frozen
public struct ClusterID: Identity {
  public var rawValue: UInt128

  @inlinable
  public init(rawValue: UInt128) { self.rawValue = rawValue }

  /// 32 lower-case hexadecimal digits.
  public var description: String {
    let digits = String(rawValue, radix: 16)
    return String(repeating: "0", count: 32 - digits.count) + digits
  }
}

/// One life of a data directory: drawn at random when the directory is made, and kept in it.
///
/// A replica that lost its disk has another one than before, and is known by it.
@frozen
public struct Incarnation: Identity {
  public var rawValue: UInt64

  @inlinable
  public init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// Counts the lives of one data directory: one more each time that it has lost what it had promised
/// and begins to recover (Docs/Decisions/0011-recovery.md). A new directory's is 0.
@frozen
public struct Generation: Identity {
  public var rawValue: UInt64

  @inlinable
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  @inlinable
  public var next: Generation { Generation(rawValue: rawValue + 1) }
}
