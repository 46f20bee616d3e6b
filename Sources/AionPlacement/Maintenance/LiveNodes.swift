import AionModel

/// Which nodes can be counted on, and which may receive a replica.
struct LiveNodes {
  /// A node that is not registered is given the benefit of the doubt.
  private let down: Set<NodeID>
  /// Registered, live and not being drained.
  private let fit: Set<NodeID>

  init(_ nodes: [NodeDescriptor]) {
    down = Set(nodes.filter { !$0.isLive }.map(\.id))
    fit = Set(nodes.filter { $0.isLive && !$0.isDraining }.map(\.id))
  }

  func isLive(_ node: NodeID) -> Bool { !down.contains(node) }

  /// Whether a live voting quorum leads the shard before and after, the new leader included.
  func carry(_ plan: some PlacementPlan) -> Bool {
    hasLiveQuorum(plan.expected) && hasLiveQuorum(plan.placements) && hasFitLeader(plan)
  }

  /// Whether each node that gets a new replica can take it: one may have gone since the plan was
  /// made.
  func canReceive(_ plan: some PlacementPlan) -> Bool {
    plan.placements.allSatisfy { placement in
      fit.contains(placement.node) || plan.expected.contains { $0.node == placement.node }
    }
  }

  private func hasLiveQuorum(_ placements: [ShardPlacement]) -> Bool {
    let voters = placements.filter { $0.role.isVoting }
    return voters.count { isLive($0.node) } >= quorum(of: voters.count)
  }

  /// A leader that is new must be live; one that is down already may stay for a failover to come.
  private func hasFitLeader(_ plan: some PlacementPlan) -> Bool {
    guard let leader = plan.placements.first(where: { $0.role == .leader }) else { return false }
    let isNew = plan.expected.first { $0.role == .leader }?.node != leader.node
    return !isNew || isLive(leader.node)
  }
}
