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

  init(plane: Plane) { self.plane = plane }

  func apply<Plan: PlacementPlan>(_ plans: [Plan]) async throws(ClusterError) -> [Plan.Status] {
    var statuses: [Plan.Status] = []
    for start in stride(from: 0, to: plans.count, by: batchLimit) {
      let batch = Array(plans[start..<min(start + batchLimit, plans.count)])
      if let together = try await applyTogether(batch) {
        statuses += together
      } else {
        statuses += try await applySingly(batch)
      }
    }
    return statuses
  }

  /// All in one log entry that is refused when any placement or node has changed since the look;
  /// nil when it was, or when the plane has no batches.
  private func applyTogether<Plan: PlacementPlan>(
    _ plans: [Plan]
  ) async throws(ClusterError) -> [Plan.Status]? {
    guard plans.count > 1, let proposer = plane as? any CommandProposer else { return nil }
    let snapshot = try await proposer.snapshot()
    let live = LiveNodes(snapshot.nodes())
    let feasible = plans.filter { plan in
      snapshot.shard(plan.shard)?.placements.hasSameTopology(as: plan.expected) == true
        && !plan.expected.hasSameTopology(as: plan.placements) && live.carry(plan)
    }
    guard feasible.count == plans.count else { return nil }
    let commands = plans.map {
      Command.updatePlacement($0.shard, to: $0.placements, expecting: $0.expected)
    }
    do throws(ClusterError) {
      let applied = try await proposer.propose(
        CommandBatch(commands, placementEpoch: snapshot.placementEpoch))
      return plans.map { _ in Plan.applied(applied.placementEpoch) }
    } catch {
      guard error.concernsOnePlan else { throw error }
      return nil
    }
  }

  private func applySingly<Plan: PlacementPlan>(
    _ plans: [Plan]
  ) async throws(ClusterError) -> [Plan.Status] {
    let live = LiveNodes(try await plane.nodes())
    var statuses: [Plan.Status] = []
    for plan in plans { statuses.append(try await apply(plan, live)) }
    return statuses
  }

  private func apply<Plan: PlacementPlan>(
    _ plan: Plan, _ live: LiveNodes
  ) async throws(ClusterError) -> Plan.Status {
    if plan.expected.hasSameTopology(as: plan.placements) { return Plan.noChange }
    guard live.carry(plan) else { return Plan.lostQuorum }
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
    case .unknownShard, .placementChanged, .preconditionFailed, .quorumLost, .nodeDown,
      .leaderDown, .limitExceeded:
      true
    default: false
    }
  }
}
