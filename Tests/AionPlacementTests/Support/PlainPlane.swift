import AionCatalog
import AionModel

/// A control plane that answers the contracts and no more: no batches, no snapshots.
struct PlainPlane: ControlPlane {
  let base: InMemoryControlPlane

  var catalogVersion: CatalogVersion {
    get async throws(ClusterError) { try await base.catalogVersion }
  }

  var placementEpoch: PlacementEpoch {
    get async throws(ClusterError) { try await base.placementEpoch }
  }

  func shards(in database: DatabaseID) async throws(ClusterError) -> [ShardDescriptor] {
    try await base.shards(in: database)
  }

  func shards(of table: TableKey) async throws(ClusterError) -> [ShardDescriptor] {
    try await base.shards(of: table)
  }

  func upsertShard(_ shard: ShardDescriptor) async throws(ClusterError) -> CatalogVersion {
    try await base.upsertShard(shard)
  }

  func removeShards(of table: TableKey) async throws(ClusterError) -> CatalogVersion {
    try await base.removeShards(of: table)
  }

  func updatePlacement(
    of shard: ShardReference, to placements: [ShardPlacement], expecting: [ShardPlacement]?
  ) async throws(ClusterError) -> PlacementEpoch {
    try await base.updatePlacement(of: shard, to: placements, expecting: expecting)
  }

  func upsertNode(_ node: NodeDescriptor) async throws(ClusterError) -> PlacementEpoch {
    try await base.upsertNode(node)
  }

  func markNode(_ id: NodeID, live: Bool) async throws(ClusterError) -> PlacementEpoch {
    try await base.markNode(id, live: live)
  }

  func markNode(_ id: NodeID, draining: Bool) async throws(ClusterError) -> PlacementEpoch {
    try await base.markNode(id, draining: draining)
  }

  func removeNode(_ id: NodeID) async throws(ClusterError) -> PlacementEpoch {
    try await base.removeNode(id)
  }

  func node(_ id: NodeID) async throws(ClusterError) -> NodeDescriptor? {
    try await base.node(id)
  }

  func nodes() async throws(ClusterError) -> [NodeDescriptor] { try await base.nodes() }

  func liveNodes() async throws(ClusterError) -> [NodeDescriptor] { try await base.liveNodes() }

  func resolveReadShards(of table: TableKey) async throws(ClusterError) -> [ShardPlacement] {
    try await base.resolveReadShards(of: table)
  }

  func resolveWriteShard(
    of table: TableKey, key: [UInt8]
  ) async throws(ClusterError) -> ShardPlacement {
    try await base.resolveWriteShard(of: table, key: key)
  }

  func leader(of shard: ShardReference) async throws(ClusterError) -> ShardPlacement? {
    try await base.leader(of: shard)
  }

  func transferLeadership(
    of shard: ShardReference, to node: NodeID
  ) async throws(ClusterError) -> PlacementEpoch {
    try await base.transferLeadership(of: shard, to: node)
  }

  func currentLease(of shard: ShardReference) async throws(ClusterError) -> EpochLease? {
    try await base.currentLease(of: shard)
  }
}
