/// Which shards exist, and at which version that is true.
public protocol MetadataReader: Sendable {
  /// The version at which what is read next is true, or newer.
  var catalogVersion: CatalogVersion { get async throws(ClusterError) }
  /// The epoch at which what is read next is true, or newer.
  var placementEpoch: PlacementEpoch { get async throws(ClusterError) }
  /// In the order of their keys.
  func shards(in database: DatabaseID) async throws(ClusterError) -> [ShardDescriptor]
  /// In the order of their ids; empty for an unknown table.
  func shards(of table: TableKey) async throws(ClusterError) -> [ShardDescriptor]
}

/// Changes to shards and their placements.
public protocol MetadataWriter: Sendable {
  /// Creates the shard or replaces its placements.
  ///
  /// - Throws: `invalidPlacement`.
  @discardableResult
  func upsertShard(_ shard: ShardDescriptor) async throws(ClusterError) -> CatalogVersion
  /// Removes all shards of the table; an unknown table changes nothing.
  @discardableResult
  func removeShards(of table: TableKey) async throws(ClusterError) -> CatalogVersion
  /// Replaces the placements of a shard.
  ///
  /// - Parameter expected: The topology (nodes and roles) that the caller believes in; when it is
  ///   no longer the current one, nothing changes.
  /// - Returns: The epoch that fences the placements before.
  /// - Throws: `unknownShard`, `ambiguousShard` (a bare `ShardID` that several tables have),
  ///   `invalidPlacement`, `placementChanged`.
  @discardableResult
  func updatePlacement(
    of shard: ShardReference, to placements: [ShardPlacement],
    expecting expected: [ShardPlacement]?
  ) async throws(ClusterError) -> PlacementEpoch
}

extension MetadataWriter {
  /// As `updatePlacement(of:to:expecting:)` with the shard's key.
  @discardableResult
  public func updatePlacement(
    of shard: ShardKey, to placements: [ShardPlacement],
    expecting expected: [ShardPlacement]? = nil
  ) async throws(ClusterError) -> PlacementEpoch {
    try await updatePlacement(of: .key(shard), to: placements, expecting: expected)
  }

  /// As `updatePlacement(of:to:expecting:)` for a number that only one table has.
  @discardableResult
  public func updatePlacement(
    of shard: ShardID, to placements: [ShardPlacement],
    expecting expected: [ShardPlacement]? = nil
  ) async throws(ClusterError) -> PlacementEpoch {
    try await updatePlacement(of: .id(shard), to: placements, expecting: expected)
  }
}
