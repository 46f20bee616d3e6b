public import AionModel

/// What one node carries.
public struct NodeReplicationStatus: Hashable, Sendable {
  public let node: NodeID
  public let isRegistered: Bool
  /// An unregistered node is given the benefit of the doubt.
  public let isLive: Bool
  public let leaders: Int
  /// Leaders and followers.
  public let voters: Int
  public let learners: Int

  public var liveVoters: Int { isLive ? voters : 0 }
  public var downVoters: Int { isLive ? 0 : voters }

  static func all(in table: ReplicaTable) -> [NodeReplicationStatus] {
    let (nodes, load) = (table.nodes, table.load)
    return nodes.ids.indices.map { node in
      NodeReplicationStatus(
        node: nodes.ids[node], isRegistered: nodes.isRegistered(node), isLive: nodes.isLive[node],
        leaders: load.leaders[node], voters: load.replicas[node] - load.learners[node],
        learners: load.learners[node])
    }
    .sorted { $0.node < $1.node }
  }
}
