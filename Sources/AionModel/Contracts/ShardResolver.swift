/// Where to send a read or a write.
public protocol ShardResolver: Sendable {
  /// The leader of every shard of the table, in shard order; empty for a table without shards.
  ///
  /// - Throws: `leaderDown`, `quorumLost`.
  func resolveReadShards(of table: TableKey) async throws(ClusterError) -> [ShardPlacement]
  /// The leader of the shard that holds `key`: FNV-1a-64(key) mod the number of shards, counted in
  /// shard order. The rule is stable: every process and release resolves a key alike.
  ///
  /// - Throws: `tableWithoutShards`, `leaderDown`, `quorumLost`.
  func resolveWriteShard(
    of table: TableKey, key: [UInt8]
  ) async throws(ClusterError) -> ShardPlacement
}
