public import AionModel

extension ClusterSnapshot {
  public func node(_ id: NodeID) -> NodeDescriptor? { nodeRecords[id] }

  /// In the order of their ids.
  public func nodes() -> [NodeDescriptor] { nodeRecords.elements.map(\.value) }

  public func liveNodes() -> [NodeDescriptor] { nodes().filter(\.isLive) }

  /// Whether the node may be counted on. One that is not registered is given the benefit of the
  /// doubt.
  public func isLive(_ node: NodeID) -> Bool { nodeRecords[node]?.isLive ?? true }

  /// The number of placements on the node, learners included.
  public func placementCount(on node: NodeID) -> Int { replicaCounts(on: node).total }

  /// What the node carries of all databases.
  public func replicaCounts(on node: NodeID) -> ReplicaCounts {
    nodeCounts[node] ?? ReplicaCounts()
  }

  /// What each node carries of all databases, in the order of their ids; nodes without a replica
  /// are left out, unregistered ones are in.
  public func replicaCounts() -> [(node: NodeID, counts: ReplicaCounts)] {
    nodeCounts.elements.map { ($0.key, $0.value) }
  }

  /// The control plane in numbers.
  public func summary() -> ControlPlaneSnapshot {
    ControlPlaneSnapshot(
      catalogVersion: catalogVersion, placementEpoch: placementEpoch, totalShards: shardCount,
      nodes: nodes().map {
        ControlPlaneNodeSnapshot(
          id: $0.id, rpcEndpoint: $0.rpcEndpoint, isLive: $0.isLive, isDraining: $0.isDraining)
      })
  }
}
