import AionCatalog
public import AionModel

/// One pass of maintenance over the shards of a database: promotes caught-up learners, repairs,
/// moves replicas where that is asked and nothing was left to mend, and then fails over and
/// balances leaders. The state is read anew for each step, and each plan is carried out only if the
/// shard still is as planned. Load is that of the whole cluster, where the plane can tell.
///
/// Two passes at once do not undo each other: the slower one's plans are skipped as stale. After a
/// crash in the middle the next pass goes on from what is there.
///
/// - Parameter caughtUpLearners: Those that may be promoted; see `caughtUpLearnerKeys`.
/// - Throws: What the plane itself refuses (`closed`, `notLeader`, `busy`, …).
public func maintainReplication(
  of database: DatabaseID, on plane: some ControlPlane,
  caughtUpLearners: Set<ReplicaCatchupKey> = [],
  policy: ReplicaPlacementPolicy = ReplicaPlacementPolicy(),
  options: ReplicationMaintenanceOptions = ReplicationMaintenanceOptions()
) async throws(ClusterError) -> ReplicationMaintenanceOutcome {
  var outcome = ReplicationMaintenanceOutcome()
  if !caughtUpLearners.isEmpty {
    let now = try await Topology(of: database, on: plane)
    let plans = planLearnerPromotions(
      of: now.shards, on: now.nodes, caughtUp: caughtUpLearners, load: now.load, policy: policy,
      options: options.repair)
    outcome.promotions = try await apply(plans, on: plane)
  }
  var now = try await Topology(of: database, on: plane)
  let repairs = planReplicaRepairs(
    of: now.shards, on: now.nodes, load: now.load, policy: policy, options: options.repair)
  outcome.repairs = try await apply(repairs, on: plane)

  // Not before all is mended: repairs go where they must, and what was evened before them would
  // have to be evened again.
  if let balance = options.replicaBalance, outcome.promotions.isEmpty, repairs.isEmpty {
    now = try await Topology(of: database, on: plane)
    let moves = planReplicaBalance(
      of: now.shards, on: now.nodes, caughtUp: caughtUpLearners, load: now.load, policy: policy,
      repair: options.repair, options: balance)
    outcome.replicaMoves = try await apply(moves, on: plane)
  }
  now = try await Topology(of: database, on: plane)
  let transfers = planLeadershipBalance(
    of: now.shards, on: now.nodes, load: now.load, policy: policy, options: options.leadership)
  outcome.transfers = try await apply(transfers, on: plane)
  return outcome
}
