public import AionModel

extension MetadataReader where Self: CommandProposer {
  public var catalogVersion: CatalogVersion {
    get async throws(ClusterError) { try await read { $0.catalogVersion } }
  }

  public var placementEpoch: PlacementEpoch {
    get async throws(ClusterError) { try await read { $0.placementEpoch } }
  }

  public func shards(in database: DatabaseID) async throws(ClusterError) -> [ShardDescriptor] {
    try await snapshot().shards(in: database)
  }

  public func shards(of table: TableKey) async throws(ClusterError) -> [ShardDescriptor] {
    try await read { $0.shards(of: table) }
  }
}

extension MetadataWriter where Self: CommandProposer {
  @discardableResult
  public func upsertShard(_ shard: ShardDescriptor) async throws(ClusterError) -> CatalogVersion {
    try await propose(.upsertShard(shard)).catalogVersion
  }

  @discardableResult
  public func removeShards(of table: TableKey) async throws(ClusterError) -> CatalogVersion {
    try await propose(.removeShards(of: table)).catalogVersion
  }

  @discardableResult
  public func updatePlacement(
    of shard: ShardReference, to placements: [ShardPlacement],
    expecting expected: [ShardPlacement]?
  ) async throws(ClusterError) -> PlacementEpoch {
    let key = try await key(of: shard)
    return try await propose(.updatePlacement(key, to: placements, expecting: expected))
      .placementEpoch
  }
}

extension NodeMembership where Self: CommandProposer {
  @discardableResult
  public func upsertNode(_ node: NodeDescriptor) async throws(ClusterError) -> PlacementEpoch {
    try await propose(.upsertNode(node)).placementEpoch
  }

  @discardableResult
  public func markNode(_ id: NodeID, live: Bool) async throws(ClusterError) -> PlacementEpoch {
    try await propose(.markNode(id, live: live)).placementEpoch
  }

  @discardableResult
  public func markNode(_ id: NodeID, draining: Bool) async throws(ClusterError) -> PlacementEpoch {
    try await propose(.setNodeDraining(id, to: draining)).placementEpoch
  }

  @discardableResult
  public func removeNode(_ id: NodeID) async throws(ClusterError) -> PlacementEpoch {
    try await propose(.removeNode(id)).placementEpoch
  }

  public func node(_ id: NodeID) async throws(ClusterError) -> NodeDescriptor? {
    try await read { $0.node(id) }
  }

  public func nodes() async throws(ClusterError) -> [NodeDescriptor] {
    try await read { $0.nodes() }
  }

  public func liveNodes() async throws(ClusterError) -> [NodeDescriptor] {
    try await read { $0.liveNodes() }
  }
}

extension ShardResolver where Self: CommandProposer {
  public func resolveReadShards(
    of table: TableKey
  ) async throws(ClusterError) -> [ShardPlacement] {
    try await read { snapshot throws(ClusterError) in try snapshot.resolveReadShards(of: table) }
  }

  public func resolveWriteShard(
    of table: TableKey, key: [UInt8]
  ) async throws(ClusterError) -> ShardPlacement {
    try await read { snapshot throws(ClusterError) in
      try snapshot.resolveWriteShard(of: table, key: key)
    }
  }
}

extension ReplicaController where Self: CommandProposer {
  public func leader(
    of shard: ShardReference
  ) async throws(ClusterError) -> ShardPlacement? {
    try await read { snapshot throws(ClusterError) in try snapshot.leader(of: shard) }
  }

  @discardableResult
  public func transferLeadership(
    of shard: ShardReference, to node: NodeID
  ) async throws(ClusterError) -> PlacementEpoch {
    let key = try await key(of: shard)
    return try await propose(.transferLeadership(key, to: node)).placementEpoch
  }

  public func currentLease(
    of shard: ShardReference
  ) async throws(ClusterError) -> EpochLease? {
    try await read { snapshot throws(ClusterError) in try snapshot.currentLease(of: shard) }
  }
}
