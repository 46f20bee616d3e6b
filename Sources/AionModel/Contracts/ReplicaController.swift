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

/// The same for a shard named by its key, or by its number where one table alone has it.
extension ReplicaController {
  public func leader(of shard: ShardID) async throws(ClusterError) -> ShardPlacement? {
    try await leader(of: .id(shard))
  }

  public func leader(of shard: ShardKey) async throws(ClusterError) -> ShardPlacement? {
    try await leader(of: .key(shard))
  }

  @discardableResult
  public func transferLeadership(
    of shard: ShardID, to node: NodeID
  ) async throws(ClusterError) -> PlacementEpoch {
    try await transferLeadership(of: .id(shard), to: node)
  }

  @discardableResult
  public func transferLeadership(
    of shard: ShardKey, to node: NodeID
  ) async throws(ClusterError) -> PlacementEpoch {
    try await transferLeadership(of: .key(shard), to: node)
  }

  public func currentLease(of shard: ShardID) async throws(ClusterError) -> EpochLease? {
    try await currentLease(of: .id(shard))
  }

  public func currentLease(of shard: ShardKey) async throws(ClusterError) -> EpochLease? {
    try await currentLease(of: .key(shard))
  }
}
