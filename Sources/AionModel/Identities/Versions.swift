/// The index of the newest applied command that changed *what exists*: databases, roles, shards.
@frozen
public struct CatalogVersion: Identity {
  public var rawValue: UInt64

  @inlinable
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  @inlinable
  public init(_ index: LogIndex) { self.init(rawValue: index.rawValue) }

  public static let zero = CatalogVersion(0)

  public var index: LogIndex { LogIndex(rawValue) }
}

/// The index of the newest applied command that changed *where it runs*: nodes, liveness,
/// placements, leadership. A placement's epoch is a fencing token.
@frozen
public struct PlacementEpoch: Identity {
  public var rawValue: UInt64

  @inlinable
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  @inlinable
  public init(_ index: LogIndex) { self.init(rawValue: index.rawValue) }

  public static let zero = PlacementEpoch(0)

  public var index: LogIndex { LogIndex(rawValue) }
}

/// The log index at which a read snapshot was allocated or a commit decided.
@frozen
public struct SnapshotTimestamp: Identity {
  public var rawValue: UInt64

  @inlinable
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  @inlinable
  public init(_ index: LogIndex) { self.init(rawValue: index.rawValue) }

  public var index: LogIndex { LogIndex(rawValue) }
}
