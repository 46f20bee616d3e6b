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
  public func placementCount(on node: NodeID) -> Int { placementCounts[node] ?? 0 }

  /// The control plane in numbers.
  public func summary() -> ControlPlaneSnapshot {
    ControlPlaneSnapshot(
      catalogVersion: catalogVersion, placementEpoch: placementEpoch, totalShards: shardCount,
      nodes: nodes().map {
        ControlPlaneNodeSnapshot(id: $0.id, rpcEndpoint: $0.rpcEndpoint, isLive: $0.isLive)
      })
  }
}
