public import AionModel

/// Keeps the shards of a control plane replicated as its configuration says: repairs go by way of
/// learners, limits and policy are the configuration's.
///
/// It holds no state of the cluster; any number of them may run against one plane.
public struct ReplicationMaintainer<Plane: ControlPlane>: Sendable {
  public let plane: Plane
  public let configuration: ShardingConfiguration

  public init(plane: Plane, configuration: ShardingConfiguration) {
    self.plane = plane
    self.configuration = configuration
  }

  /// One pass over the database, whether or not sharding is enabled.
  ///
  /// - Throws: As `maintainReplication`.
  @discardableResult
  public func maintain(
    _ database: DatabaseID, caughtUpLearners: Set<ReplicaCatchupKey> = []
  ) async throws(ClusterError) -> ReplicationMaintenanceOutcome {
    try await maintainReplication(
      of: database, on: plane, caughtUpLearners: caughtUpLearners,
      policy: configuration.policy, options: configuration.maintenance)
  }

  /// One pass in which the learners on these nodes count as caught up; names of nodes that are
  /// unknown or down count for nothing.
  @discardableResult
  public func maintain(
    _ database: DatabaseID, caughtUpNodes: Set<NodeID>
  ) async throws(ClusterError) -> ReplicationMaintenanceOutcome {
    let now = try await Topology(of: database, on: plane)
    let keys = caughtUpLearnerKeys(of: now.shards, on: now.nodes, forLiveNodes: caughtUpNodes)
    return try await maintain(database, caughtUpLearners: keys)
  }

  /// One pass in which a node counts as caught up when its replica has applied `target`.
  @discardableResult
  public func maintain(
    _ database: DatabaseID, replicas: [ReplicaProgress], target: ApplyPosition
  ) async throws(ClusterError) -> ReplicationMaintenanceOutcome {
    var caughtUp: Set<NodeID> = []
    for replica in replicas {
      guard let applied = replica.applied, applied >= target, let name = replica.nodeName,
        let node = nodeID(name)
      else { continue }
      caughtUp.insert(node)
    }
    return try await maintain(database, caughtUpNodes: caughtUp)
  }

  /// Says that a node has come or gone, and runs a pass when sharding and auto-rebalance are on.
  ///
  /// - Throws: `unknownNode`; else as `maintainReplication`, after the node was marked.
  @discardableResult
  public func markNode(
    _ node: NodeID, live: Bool, maintaining database: DatabaseID
  ) async throws(ClusterError) -> NodeLivenessOutcome {
    let epoch = try await plane.markNode(node, live: live)
    guard maintainsByItself else {
      return NodeLivenessOutcome(epoch: epoch, maintenance: nil)
    }
    return NodeLivenessOutcome(epoch: epoch, maintenance: try await maintain(database))
  }

  /// What the primary calls every now and then.
  ///
  /// - Returns: nil when nothing was done: not leader, no high availability, or sharding or
  ///   auto-rebalance off.
  @discardableResult
  public func tick(
    _ database: DatabaseID, _ primary: PrimaryState
  ) async throws(ClusterError) -> ReplicationMaintenanceOutcome? {
    guard primary.isLeader, primary.isHighAvailabilityEnabled, maintainsByItself else { return nil }
    return try await maintain(database, replicas: primary.replicas, target: primary.target)
  }

  /// The same, where nodes report to the control plane and shards have leaders of their own: the
  /// caller says which learners are caught up (`LivenessTable.caughtUpLearners`).
  @discardableResult
  public func tick(
    _ database: DatabaseID, isLeader: Bool, isHighAvailabilityEnabled: Bool,
    caughtUpLearners: Set<ReplicaCatchupKey>
  ) async throws(ClusterError) -> ReplicationMaintenanceOutcome? {
    guard isLeader, isHighAvailabilityEnabled, maintainsByItself else { return nil }
    return try await maintain(database, caughtUpLearners: caughtUpLearners)
  }

  /// Whether liveness changes and ticks run passes: sharding and auto-rebalance are on.
  public var maintainsByItself: Bool { configuration.isEnabled && configuration.autoRebalance }

  /// nil for a name that cannot be a node's.
  private func nodeID(_ name: String) -> NodeID? {
    do throws(ClusterError) { return try NodeID(name) } catch { return nil }
  }
}

/// A node's new liveness and what maintenance made of it.
public struct NodeLivenessOutcome: Hashable, Sendable {
  public let epoch: PlacementEpoch
  /// nil when none was run.
  public let maintenance: ReplicationMaintenanceOutcome?
}
