import AionModel
import AionPlacement

/// What must hold for every plan, said without the planners' own code.
struct PlanRules {
  let cluster: RandomCluster
  private let byKey: [ShardKey: ShardDescriptor]
  private let known: [NodeID: NodeDescriptor]

  init(_ cluster: RandomCluster) {
    self.cluster = cluster
    byKey = Dictionary(uniqueKeysWithValues: cluster.shards.map { ($0.key, $0) })
    known = Dictionary(uniqueKeysWithValues: cluster.nodes.map { ($0.id, $0) })
  }

  func isLive(_ node: NodeID) -> Bool { known[node]?.isLive ?? true }

  func isDraining(_ node: NodeID) -> Bool { known[node]?.isDraining ?? false }

  func isCandidate(_ node: NodeID) -> Bool {
    known[node]?.isLive == true && !isDraining(node)
      && cluster.policy.requiredAttributes.allSatisfy { cluster.policy.satisfies($0, on: node) }
  }

  func hasLiveQuorum(_ placements: [ShardPlacement]) -> Bool {
    let voters = placements.filter { $0.role.isVoting }
    return !voters.isEmpty && voters.count { isLive($0.node) } > voters.count / 2
  }

  func shard(_ key: ShardKey) -> ShardDescriptor? { byKey[key] }

  /// Whether a voter keeps its place while others are replaced.
  func stays(_ node: NodeID, planner: String) -> Bool {
    if planner == "move" { return true }
    return !(cluster.repair.replaceDownVoters && !isLive(node)) && !isDraining(node)
  }

  /// The nodes among which the planner had to choose a new voter: caught-up learners where one of
  /// them became it, else nodes without a replica of the shard.
  func alternatives(to change: PlannedChange) -> [NodeID] {
    let learners = change.old.filter { $0.role == .learner }.map(\.node)
    let wasLearner = change.newcomers.contains { learners.contains($0.node) }
    guard wasLearner else {
      return cluster.nodes.map(\.id).filter { node in
        isCandidate(node) && !change.old.contains { $0.node == node }
      }
    }
    return learners.filter { node in
      isCandidate(node)
        && cluster.caughtUp.contains(ReplicaCatchupKey(shard: change.shard, node: node))
    }
  }

  /// Everything that one repair, promotion or move breaks.
  func broken(by plan: ReplicaRepairPlan) -> [String] {
    guard let old = shard(plan.shard) else { return ["plans for an unknown shard"] }
    let new = plan.placements
    var broken: [String] = []
    if plan.expected != old.placements { broken.append("expects other placements") }
    if Set(new.map(\.node)).count != new.count { broken.append("a node twice") }
    if new.count(where: { $0.role == .leader }) != 1 { broken.append("not one leader") }
    if !hasLiveQuorum(old.placements) { broken.append("touches a shard without a quorum") }
    if !hasLiveQuorum(new) { broken.append("leaves a shard without a quorum") }
    broken += brokenByNewcomers(old, new) + brokenByLeavers(old, new)
    broken += brokenByLeader(old, new)
    let learners = new.count { $0.role == .learner }
    if learners > max(old.learners.count, cluster.repair.maxLearnersPerShard) {
      broken.append("too many learners")
    }
    return broken
  }

  private func brokenByNewcomers(_ old: ShardDescriptor, _ new: [ShardPlacement]) -> [String] {
    new.compactMap { placement in
      let before = old.placement(on: placement.node)
      let isNewVoter = placement.role.isVoting && before?.role.isVoting != true
      guard before == nil || isNewVoter, !isCandidate(placement.node) else { return nil }
      return "\(placement.node) may not become a \(placement.role)"
    }
  }

  private func brokenByLeavers(_ old: ShardDescriptor, _ new: [ShardPlacement]) -> [String] {
    old.placements.compactMap { placement in
      let stays = new.contains { $0.node == placement.node }
      // A learner that can never take over makes room for one that can.
      let isUseless = !placement.role.isVoting && !isCandidate(placement.node)
      guard !stays, !isUseless, isLive(placement.node), !isDraining(placement.node) else {
        return nil
      }
      return "the live \(placement.role) on \(placement.node) goes"
    }
  }

  /// A new leader was a live voter before.
  private func brokenByLeader(_ old: ShardDescriptor, _ new: [ShardPlacement]) -> [String] {
    guard let leader = new.first(where: { $0.role == .leader })?.node else { return [] }
    if leader == old.leader?.node { return isLive(leader) ? [] : ["keeps a down leader"] }
    let wasVoter = old.placement(on: leader)?.role.isVoting ?? false
    return isLive(leader) && wasVoter ? [] : ["\(leader) may not lead"]
  }

  /// For each spread attribute how many pairs of nodes share a value, the most important first.
  func pairsSharing(_ nodes: [NodeID]) -> [Int] {
    cluster.policy.spreadAttributes.map { attribute in
      let values = nodes.map { cluster.policy.value(of: attribute, on: $0) }
      return values.indices.reduce(0) { pairs, index in
        pairs + values[..<index].count { $0 == values[index] }
      }
    }
  }

  /// For each spread attribute how many of `others` share the node's value.
  func sharing(_ node: NodeID, with others: [NodeID]) -> [Int] {
    cluster.policy.spreadAttributes.map { attribute in
      let value = cluster.policy.value(of: attribute, on: node)
      return others.count { cluster.policy.value(of: attribute, on: $0) == value }
    }
  }
}

extension [ShardDescriptor] {
  /// As they are after the plans.
  func applying(_ plans: [ReplicaRepairPlan]) -> [ShardDescriptor] {
    let new = Dictionary(plans.map { ($0.shard, $0.placements) }, uniquingKeysWith: { $1 })
    return map { ShardDescriptor(key: $0.key, placements: new[$0.key] ?? $0.placements) }
  }

  func learners(on node: NodeID) -> Int {
    count { $0.placement(on: node)?.role == .learner }
  }
}
