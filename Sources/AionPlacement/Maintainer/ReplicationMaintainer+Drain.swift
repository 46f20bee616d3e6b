public import AionModel

/// How far a node is from being empty.
public struct DrainProgress: Hashable, Sendable {
  public let maintenance: ReplicationMaintenanceOutcome
  /// Replicas that are still on the node: of all databases, where the plane can tell, else of the
  /// one that was maintained.
  public let replicasLeft: Int

  /// Whether the node has nothing left and can be removed.
  public var isEmpty: Bool { replicasLeft == 0 }
}

extension ReplicationMaintainer {
  /// Takes a node out of service: from now on it receives nothing, and this pass moves what it can.
  ///
  /// The catalog remembers it, so any pass of any maintainer goes on with it, after a restart too.
  /// A learner is staged elsewhere first, takes over when it is caught up, and only then does the
  /// node's replica go, so that no shard has fewer voters than before at any moment. Call it again,
  /// or run passes over every database, until the progress is empty.
  ///
  /// - Throws: `unknownNode`; else as `maintainReplication`, after the node was marked.
  @discardableResult
  public func drain(
    _ node: NodeID, in database: DatabaseID, caughtUpNodes: Set<NodeID> = []
  ) async throws(ClusterError) -> DrainProgress {
    try await plane.markNode(node, draining: true)
    let maintenance = try await maintain(database, caughtUpNodes: caughtUpNodes)
    let now = try await Topology(of: database, on: plane)
    return DrainProgress(maintenance: maintenance, replicasLeft: now.replicas(on: node))
  }

  /// Puts a drained node back into service; what has moved away stays where it is.
  ///
  /// - Throws: `unknownNode`.
  @discardableResult
  public func stopDraining(_ node: NodeID) async throws(ClusterError) -> PlacementEpoch {
    try await plane.markNode(node, draining: false)
  }
}
