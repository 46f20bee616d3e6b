/// A node as a dashboard wants to see it.
public struct ControlPlaneNodeSnapshot: Hashable, Sendable {
  public var id: NodeID
  public var rpcEndpoint: String
  public var isLive: Bool
  public var isDraining: Bool

  public init(id: NodeID, rpcEndpoint: String, isLive: Bool, isDraining: Bool = false) {
    self.id = id
    self.rpcEndpoint = rpcEndpoint
    self.isLive = isLive
    self.isDraining = isDraining
  }
}

/// The control plane in numbers, all at one version.
public struct ControlPlaneSnapshot: Hashable, Sendable {
  public var catalogVersion: CatalogVersion
  public var placementEpoch: PlacementEpoch
  public var totalNodes: Int
  public var liveNodes: Int
  public var totalShards: Int
  /// In the order of their ids.
  public var nodes: [ControlPlaneNodeSnapshot]

  public init(
    catalogVersion: CatalogVersion, placementEpoch: PlacementEpoch, totalShards: Int,
    nodes: [ControlPlaneNodeSnapshot]
  ) {
    self.catalogVersion = catalogVersion
    self.placementEpoch = placementEpoch
    self.totalNodes = nodes.count
    self.liveNodes = nodes.count { $0.isLive }
    self.totalShards = totalShards
    self.nodes = nodes
  }
}
