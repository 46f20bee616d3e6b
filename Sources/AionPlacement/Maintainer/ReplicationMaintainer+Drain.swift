public import AionModel

/// How far a node is from being empty.
public struct DrainProgress: Hashable, Sendable {
  public let maintenance: ReplicationMaintenanceOutcome
  /// Replicas of the database's shards that are still on the node.
  public let replicasLeft: Int

  /// Whether the node has nothing left and can be removed.
  public var isEmpty: Bool { replicasLeft == 0 }
}

extension ReplicationMaintainer {
  /// Takes a node out of service: from now on it receives nothing, and this pass moves what it can.
  ///
  /// Call it, or any other pass, until the progress is empty: a learner is staged elsewhere first,
  /// takes over when it is caught up, and only then does the node's replica go, so that no shard
  /// has fewer voters than before at any moment. A crash in between leaves a cluster that works;
  /// name the node again.
  ///
  /// - Throws: `unknownNode`; else as `maintainReplication`.
  @discardableResult
  public mutating func drain(
    _ node: NodeID, in database: DatabaseID, caughtUpNodes: Set<NodeID> = []
  ) async throws(ClusterError) -> DrainProgress {
    guard try await plane.node(node) != nil else { throw .unknownNode(node) }
    drainingNodes.insert(node)
    let maintenance = try await maintain(database, caughtUpNodes: caughtUpNodes)
    let left = try await topology(of: database, on: plane).shards
      .count { $0.placement(on: node) != nil }
    return DrainProgress(maintenance: maintenance, replicasLeft: left)
  }

  /// Puts a drained node back into service; what has moved away stays where it is.
  public mutating func stopDraining(_ node: NodeID) { drainingNodes.remove(node) }
}
