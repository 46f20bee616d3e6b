import AionCatalog
public import AionModel

/// Carries out repairs, each only if the shard's replicas still are as its planner saw them.
///
/// Many go into one log entry where the plane allows it. When a call throws in the middle, the
/// plans before have been carried out; planning again finds the rest.
///
/// - Returns: One outcome a plan, in their order.
/// - Throws: What the plane itself refuses (`closed`, `notLeader`, `busy`, …); what concerns one
///   plan only is in its status.
public func apply(
  _ plans: [ReplicaRepairPlan], on plane: some ControlPlane
) async throws(ClusterError) -> [ReplicaRepairOutcome] {
  let statuses = try await PlanApplier(plane: plane).apply(plans)
  return zip(plans, statuses).map { ReplicaRepairOutcome(plan: $0, status: $1) }
}

/// Carries out leadership transfers, as repairs are.
public func apply(
  _ plans: [LeadershipTransferPlan], on plane: some ControlPlane
) async throws(ClusterError) -> [LeadershipTransferOutcome] {
  let statuses = try await PlanApplier(plane: plane).apply(plans)
  return zip(plans, statuses).map { LeadershipTransferOutcome(plan: $0, status: $1) }
}

/// Turns plans into commands.
struct PlanApplier<Plane: ControlPlane> {
  let plane: Plane
  /// Plans of one log entry.
  private let batchLimit = 256
  /// How often a batch is tried anew on a state that moves on; then its plans go one by one.
  private let attempts = 3

  init(plane: Plane) { self.plane = plane }

  func apply<Plan: PlacementPlan>(_ plans: [Plan]) async throws(ClusterError) -> [Plan.Status] {
    var statuses: [Plan.Status] = []
    for start in stride(from: 0, to: plans.count, by: batchLimit) {
      let batch = Array(plans[start..<min(start + batchLimit, plans.count)])
      if let proposer = plane as? any CommandProposer {
        statuses += try await apply(batch, by: proposer)
      } else {
        statuses += try await applySingly(batch)
      }
    }
    return statuses
  }

  /// All that still hold in one log entry, which is refused when any placement or node has changed
  /// since the look. What does not hold costs no entry.
  private func apply<Plan: PlacementPlan>(
    _ plans: [Plan], by proposer: some CommandProposer
  ) async throws(ClusterError) -> [Plan.Status] {
    var statuses: [Plan.Status?] = Array(repeating: nil, count: plans.count)
    for _ in 0..<attempts {
      let snapshot = try await proposer.snapshot()
      let live = LiveNodes(snapshot.nodes())
      var load = LoadCheck(snapshot)
      for (index, plan) in plans.enumerated() where statuses[index] == nil {
        statuses[index] = obstacle(to: plan, in: snapshot, live)
        guard statuses[index] == nil else { continue }
        if load.admits(plan) { load.count(plan) } else { statuses[index] = Plan.staleLoad }
      }
      let feasible = plans.indices.filter { statuses[$0] == nil }
      guard !feasible.isEmpty else { break }
      let commands = feasible.map {
        Command.updatePlacement(
          plans[$0].shard, to: plans[$0].placements, expecting: plans[$0].expected)
      }
      do throws(ClusterError) {
        let applied = try await proposer.propose(
          CommandBatch(commands, placementEpoch: snapshot.placementEpoch))
        for index in feasible { statuses[index] = Plan.applied(applied.placementEpoch) }
      } catch {
        if case .preconditionFailed = error { continue }
        guard error.concernsOnePlan else { throw error }
      }
      break
    }
    let left = plans.indices.filter { statuses[$0] == nil }
    for (index, status) in zip(left, try await applySingly(left.map { plans[$0] })) {
      statuses[index] = status
    }
    return statuses.compactMap { $0 }
  }

  /// Why a plan is not carried out; nil when nothing stands against it.
  private func obstacle<Plan: PlacementPlan>(
    to plan: Plan, in snapshot: ClusterSnapshot, _ live: LiveNodes
  ) -> Plan.Status? {
    if let obstacle = obstacle(to: plan, live) { return obstacle }
    guard let current = snapshot.shard(plan.shard)?.placements else { return Plan.unknownShard }
    return current.hasSameTopology(as: plan.expected) ? nil : plan.stale(current)
  }

  private func obstacle<Plan: PlacementPlan>(to plan: Plan, _ live: LiveNodes) -> Plan.Status? {
    if plan.expected.hasSameTopology(as: plan.placements) { return Plan.noChange }
    guard live.carry(plan) else { return Plan.lostQuorum }
    return live.canReceive(plan) ? nil : Plan.unfitNode
  }

  private func applySingly<Plan: PlacementPlan>(
    _ plans: [Plan]
  ) async throws(ClusterError) -> [Plan.Status] {
    guard !plans.isEmpty else { return [] }
    let live = LiveNodes(try await plane.nodes())
    var statuses: [Plan.Status] = []
    for plan in plans { statuses.append(try await apply(plan, live)) }
    return statuses
  }

  private func apply<Plan: PlacementPlan>(
    _ plan: Plan, _ live: LiveNodes
  ) async throws(ClusterError) -> Plan.Status {
    if let obstacle = obstacle(to: plan, live) { return obstacle }
    do throws(ClusterError) {
      let epoch = try await plane.updatePlacement(
        of: plan.shard, to: plan.placements, expecting: plan.expected)
      return Plan.applied(epoch)
    } catch {
      switch error {
      case .unknownShard: return Plan.unknownShard
      case .placementChanged(_, _, let current): return plan.stale(current)
      case .quorumLost, .nodeDown, .leaderDown: return Plan.lostQuorum
      default: throw error
      }
    }
  }
}

extension ClusterError {
  /// Whether others of the same batch may still be carried out.
  fileprivate var concernsOnePlan: Bool {
    switch self {
    case .unknownShard, .placementChanged, .quorumLost, .nodeDown, .leaderDown, .limitExceeded:
      true
    default: false
    }
  }
}
