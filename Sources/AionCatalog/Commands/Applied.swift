public import AionModel

/// What became of a batch that was not refused.
public struct Applied: Hashable, Sendable {
  /// Where in the log it happened.
  public var index: LogIndex
  /// As they stand after the batch.
  public var catalogVersion: CatalogVersion
  public var placementEpoch: PlacementEpoch
  /// One for each command, in their order.
  public var outcomes: [CommandOutcome]
  /// False when everything already was as asked. What a session remembers does not count.
  public var hasChanges: Bool

  public init(
    index: LogIndex, catalogVersion: CatalogVersion, placementEpoch: PlacementEpoch,
    outcomes: [CommandOutcome], hasChanges: Bool
  ) {
    self.index = index
    self.catalogVersion = catalogVersion
    self.placementEpoch = placementEpoch
    self.outcomes = outcomes
    self.hasChanges = hasChanges
  }
}

/// What a command answers beyond the versions.
public enum CommandOutcome: Hashable, Sendable {
  /// The state is as the command asked.
  case done
  indirect case created(DatabaseDescriptor)
  case began(TxnID)
  case allocated(SnapshotTimestamp)
  /// By this or by an earlier command to the same effect.
  case decided(SnapshotTimestamp)
  case opened(SessionID)
}

/// What a batch came to: it was applied as a whole, or refused as a whole.
public typealias BatchOutcome = Result<Applied, ClusterError>
