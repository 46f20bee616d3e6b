import AionModel

/// Which nodes can be counted on. One that is not registered is given the benefit of the doubt.
struct LiveNodes {
  private let down: Set<NodeID>

  init(_ nodes: [NodeDescriptor]) { down = Set(nodes.filter { !$0.isLive }.map(\.id)) }

  func isLive(_ node: NodeID) -> Bool { !down.contains(node) }

  /// Whether a live voting quorum leads the shard before and after, the new leader included.
  func carry(_ plan: some PlacementPlan) -> Bool {
    hasLiveQuorum(plan.expected) && hasLiveQuorum(plan.placements) && hasFitLeader(plan)
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
