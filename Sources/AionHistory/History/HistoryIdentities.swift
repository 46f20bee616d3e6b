public import AionModel

/// A client of a history: what Jepsen calls a process. It has at most one operation in flight.
@frozen
public struct HistoryClient: Identity {
  public var rawValue: UInt64

  @inlinable
  public init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// Nanoseconds since the beginning of the run, by one monotonic clock for all of its clients.
@frozen
public struct HistoryTime: Identity {
  public var rawValue: UInt64

  @inlinable
  public init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// The name under which a client's request is done exactly once, however often it is sent.
public struct HistoryRequest: Hashable, Comparable, Sendable, CustomStringConvertible {
  public var session: UInt64
  public var sequence: UInt64

  public init(session: UInt64, sequence: UInt64) {
    self.session = session
    self.sequence = sequence
  }

  public static func < (left: HistoryRequest, right: HistoryRequest) -> Bool {
    (left.session, left.sequence) < (right.session, right.sequence)
  }

  /// `session/sequence`
  public var description: String { "\(session)/\(sequence)" }
}

/// What an operation acts on. Objects are judged each for itself.
public struct HistoryKey: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Which model judges the object: the part of the key before the first `/`.
  public var kind: String
  public var name: String

  public init(kind: String, name: String) {
    self.kind = kind
    self.name = name
  }

  /// From `kind/name`; without a `/` all of it is the kind.
  public init(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    kind = String(parts[0])
    name = parts.count > 1 ? String(parts[1]) : ""
  }

  public static func < (left: HistoryKey, right: HistoryKey) -> Bool {
    (left.kind, left.name) < (right.kind, right.name)
  }

  /// `kind/name`
  public var description: String { name.isEmpty ? kind : "\(kind)/\(name)" }
}
