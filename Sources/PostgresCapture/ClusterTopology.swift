public import AionCluster

/// The machines of a cluster and where they stand.
public struct ClusterTopology: Sendable {
  public var nodes: [NodeDescriptor]
  public var policy: ReplicaPlacementPolicy

  /// Three regions of three zones with a node each; three voters a shard, in three regions.
  public static let threeRegions: ClusterTopology = {
    var topology = ClusterTopology(
      nodes: [], policy: ReplicaPlacementPolicy(spreadAttributes: ["region", "zone"]))
    let regions: [(region: String, nodes: [NodeID])] = [
      ("eu-central", ["node-eu-1", "node-eu-2", "node-eu-3"]),
      ("us-east", ["node-us-1", "node-us-2", "node-us-3"]),
      ("ap-south", ["node-ap-1", "node-ap-2", "node-ap-3"]),
    ]
    for (region, nodes) in regions {
      for (zone, node) in zip(["a", "b", "c"], nodes) {
        topology.nodes.append(
          NodeDescriptor(id: node, rpcEndpoint: "\(node).example.internal:7432"))
        topology.policy.nodeAttributes[node] = [
          NodeAttributeConstraint(key: "region", value: region),
          NodeAttributeConstraint(key: "zone", value: "\(region)-\(zone)"),
        ]
      }
    }
    return topology
  }()
}
