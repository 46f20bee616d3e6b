import AionCatalog
import AionModel

/// What maintenance of a database looks at, all of one moment where the plane can tell.
struct Topology {
  let shards: [ShardDescriptor]
  let nodes: [NodeDescriptor]
  /// What each node carries of all databases; nil when the plane cannot tell.
  let load: [NodeID: ReplicaCounts]?

  init(of database: DatabaseID, on plane: some ControlPlane) async throws(ClusterError) {
    if let proposer = plane as? any CommandProposer {
      let snapshot = try await proposer.snapshot()
      shards = snapshot.shards(in: database)
      nodes = snapshot.nodes()
      load = Dictionary(uniqueKeysWithValues: snapshot.replicaCounts())
    } else {
      shards = try await plane.shards(in: database)
      nodes = try await plane.nodes()
      load = nil
    }
  }

  func replicas(on node: NodeID) -> Int {
    if let load { return load[node]?.total ?? 0 }
    return shards.count { $0.placement(on: node) != nil }
  }
}
