/// Who leads a shard.
public protocol ReplicaController: Sendable {
  /// nil for an unknown shard.
  ///
  /// - Throws: `ambiguousShard`, `leaderDown`, `quorumLost`.
  func leader(of shard: ShardReference) async throws(ClusterError) -> ShardPlacement?
  /// Makes `node` the leader and the leader a follower; learners stay learners.
  ///
  /// - Throws: `unknownShard`, `ambiguousShard`, `quorumLost`, `notAReplica`, `notAVoter`,
  ///   `nodeDown`.
  @discardableResult
  func transferLeadership(
    of shard: ShardReference, to node: NodeID
  ) async throws(ClusterError) -> PlacementEpoch
  /// nil for an unknown shard; else as `leader(of:)`.
  func currentLease(of shard: ShardReference) async throws(ClusterError) -> EpochLease?
}

extension ReplicaController {
  /// As `leader(of:)` with a number that only one table has.
  public func leader(of shard: ShardID) async throws(ClusterError) -> ShardPlacement? {
    try await leader(of: .id(shard))
  }

  /// As `leader(of:)` with the shard's key.
  public func leader(of shard: ShardKey) async throws(ClusterError) -> ShardPlacement? {
    try await leader(of: .key(shard))
  }

  /// As `transferLeadership(of:to:)` with a number that only one table has.
  @discardableResult
  public func transferLeadership(
    of shard: ShardID, to node: NodeID
  ) async throws(ClusterError) -> PlacementEpoch {
    try await transferLeadership(of: .id(shard), to: node)
  }

  /// As `transferLeadership(of:to:)` with the shard's key.
  @discardableResult
  public func transferLeadership(
    of shard: ShardKey, to node: NodeID
  ) async throws(ClusterError) -> PlacementEpoch {
    try await transferLeadership(of: .key(shard), to: node)
  }

  /// As `currentLease(of:)` with a number that only one table has.
  public func currentLease(of shard: ShardID) async throws(ClusterError) -> EpochLease? {
    try await currentLease(of: .id(shard))
  }

  /// As `currentLease(of:)` with the shard's key.
  public func currentLease(of shard: ShardKey) async throws(ClusterError) -> EpochLease? {
    try await currentLease(of: .key(shard))
  }
}
