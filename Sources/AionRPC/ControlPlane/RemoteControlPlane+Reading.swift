import AionCatalog
public import AionModel

// Each read of the contracts as one question. Without these the contracts would be read from the
// whole state, which is what a proposer at hand has and this one has not.

extension RemoteControlPlane {
  public var catalogVersion: CatalogVersion {
    get async throws(ClusterError) { try await answer(to: .versions).catalogVersion }
  }

  public var placementEpoch: PlacementEpoch {
    get async throws(ClusterError) { try await answer(to: .versions).placementEpoch }
  }

  public func shards(in database: DatabaseID) async throws(ClusterError) -> [ShardDescriptor] {
    try await answer(to: .shardsIn(database)).shards
  }

  public func shards(of table: TableKey) async throws(ClusterError) -> [ShardDescriptor] {
    try await answer(to: .shardsOf(table)).shards
  }

  public func node(_ id: NodeID) async throws(ClusterError) -> NodeDescriptor? {
    try await answer(to: .node(id)).nodes.first
  }

  public func nodes() async throws(ClusterError) -> [NodeDescriptor] {
    try await answer(to: .nodes).nodes
  }

  public func liveNodes() async throws(ClusterError) -> [NodeDescriptor] {
    try await answer(to: .liveNodes).nodes
  }

  public func resolveReadShards(of table: TableKey) async throws(ClusterError) -> [ShardPlacement] {
    try await answer(to: .resolveRead(table)).leaders
  }

  public func resolveWriteShard(
    of table: TableKey, key: [UInt8]
  ) async throws(ClusterError) -> ShardPlacement {
    guard let leader = try await answer(to: .resolveWrite(table, key: key)).leaders.first
    else { throw .unreadable }
    return leader
  }

  public func leader(of shard: ShardReference) async throws(ClusterError) -> ShardPlacement? {
    try await answer(to: .leader(shard)).leaders.first
  }

  public func currentLease(of shard: ShardReference) async throws(ClusterError) -> EpochLease? {
    try await answer(to: .lease(shard)).leases.first
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

  @discardableResult
  public func transferLeadership(
    of shard: ShardReference, to node: NodeID
  ) async throws(ClusterError) -> PlacementEpoch {
    let key = try await key(of: shard)
    return try await propose(.transferLeadership(key, to: node)).placementEpoch
  }
}

extension RemoteControlPlane {
  public func databases() async throws(ClusterError) -> [DatabaseDescriptor] {
    try await answer(to: .databases).databases
  }

  public func database(_ id: DatabaseID) async throws(ClusterError) -> DatabaseDescriptor? {
    try await answer(to: .database(id)).databases.first
  }

  public func database(named name: String) async throws(ClusterError) -> DatabaseDescriptor? {
    try await answer(to: .databaseNamed(name)).databases.first
  }

  public func roles() async throws(ClusterError) -> [ClusterRoleDescriptor] {
    try await answer(to: .roles).roles
  }

  public func role(named name: String) async throws(ClusterError) -> ClusterRoleDescriptor? {
    try await answer(to: .roleNamed(name)).roles.first
  }

  public func record(_ txn: TxnID) async throws(ClusterError) -> TxnRecord? {
    try await answer(to: .transaction(txn)).transactions.first
  }

  public func undecided() async throws(ClusterError) -> [TxnRecord] {
    try await answer(to: .undecided).transactions
  }
}
