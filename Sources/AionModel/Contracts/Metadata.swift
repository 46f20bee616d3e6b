/// Which shards exist, and at which version that is true.
public protocol MetadataReader: Sendable {
  /// At which version the shards that exist were last changed.
  var catalogVersion: CatalogVersion { get async throws(ClusterError) }
  /// At which epoch it was last changed where they run.
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

/// The same for a shard named by its key, or by its number where one table alone has it.
extension MetadataWriter {
  @discardableResult
  public func updatePlacement(
    of shard: ShardKey, to placements: [ShardPlacement],
    expecting expected: [ShardPlacement]? = nil
  ) async throws(ClusterError) -> PlacementEpoch {
    try await updatePlacement(of: .key(shard), to: placements, expecting: expected)
  }

  @discardableResult
  public func updatePlacement(
    of shard: ShardID, to placements: [ShardPlacement],
    expecting expected: [ShardPlacement]? = nil
  ) async throws(ClusterError) -> PlacementEpoch {
    try await updatePlacement(of: .id(shard), to: placements, expecting: expected)
  }
}
