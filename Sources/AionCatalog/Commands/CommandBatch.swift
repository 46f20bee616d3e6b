public import AionModel

/// What is proposed as one log entry: commands that apply whole or not at all.
public struct CommandBatch: Hashable, Sendable {
  /// At most `Limits.commandsPerBatch`. Each sees what those before it did.
  public var commands: [Command]
  /// Refuses the batch when the catalog's version is another one by the time it applies.
  public var expectedCatalogVersion: CatalogVersion?
  /// Refuses the batch when the placement epoch is another one by the time it applies.
  public var expectedPlacementEpoch: PlacementEpoch?
  /// Makes it apply once, however often it is sent; without one it applies each time.
  public var stamp: SessionStamp?

  public init(
    _ commands: [Command], expecting catalogVersion: CatalogVersion? = nil,
    placementEpoch: PlacementEpoch? = nil, stamp: SessionStamp? = nil
  ) {
    self.commands = commands
    expectedCatalogVersion = catalogVersion
    expectedPlacementEpoch = placementEpoch
    self.stamp = stamp
  }

  public init(_ command: Command) { self.init([command]) }
}
