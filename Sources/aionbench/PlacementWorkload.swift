import AionCluster
import AionPlacement
import Foundation

/// One planning pass; each kind begins from a cluster that gives it something to do.
enum PlacementPass: String, CaseIterable {
  case initial = "initial placement"
  case status = "replication status"
  case repair = "repair, a node of all lost"
  case promotion = "promote all staged learners"
  case leadership = "fail over and balance leaders"
  case skewed = "balance leaders, some lead all"
  case replicas = "balance replicas, a node added"
}

/// A cluster of one size, with the states that the passes begin from.
struct PlacementWorkload {
  private let keys: [ShardKey]
  private let nodes: [NodeDescriptor]
  private let policy: ReplicaPlacementPolicy
  private let placed: [ShardDescriptor]
  private let staged: [ShardDescriptor]
  private let skewed: [ShardDescriptor]
  /// What the nodes carry in all: as the catalog counts it, with as much again of other databases.
  private let load: [NodeID: ReplicaCounts]

  init(shards: Int, nodes count: Int) throws {
    keys = (0..<shards).map { number in
      ShardKey(
        database: .default, relation: RelationID(UInt64(16_384 + number / 100)),
        shard: ShardID(UInt32(number % 100)))
    }
    nodes = try (0..<count).map { number in
      let id = try NodeID("node-\(number)")
      return NodeDescriptor(id: id, rpcEndpoint: "\(id):7000")
    }
    var attributes: [NodeID: [NodeAttributeConstraint]] = [:]
    for (number, node) in nodes.enumerated() {
      attributes[node.id] = [
        NodeAttributeConstraint(key: "region", value: "region-\(number % 3)"),
        NodeAttributeConstraint(key: "zone", value: "zone-\(number % 9)"),
      ]
    }
    policy = ReplicaPlacementPolicy(
      nodeAttributes: attributes, spreadAttributes: ["region", "zone"])
    let plans = try planInitialPlacements(of: keys, on: nodes, policy: policy)
    placed = plans.map(\.shard)
    staged = Self.applying(
      planReplicaRepairs(
        of: placed, on: Self.losingFirst(nodes), policy: policy,
        options: Self.unlimited(.learnerFirst)), to: placed)
    skewed = placed.map { Self.ledByLowest($0) }
    load = replicaCounts(of: placed).mapValues { $0 + $0 }
  }

  /// Of processor time: a pass is one thread that only computes, and other work on the machine
  /// should not show.
  func seconds(of pass: PlacementPass) throws -> Double {
    let start = processorNanoseconds()
    let planned = try plans(of: pass)
    let elapsed = processorNanoseconds() - start
    guard planned > 0 else { throw PlacementWorkloadIdle(pass: pass) }
    return Double(elapsed) / 1e9
  }

  private func processorNanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  /// How many plans the pass makes.
  private func plans(of pass: PlacementPass) throws -> Int {
    let losing = Self.losingFirst(nodes)
    switch pass {
    case .initial:
      return try planInitialPlacements(of: keys, on: nodes, policy: policy).count
    case .status:
      return ReplicationStatusSnapshot(of: placed, on: losing, replicationFactor: 3).totalShards
    case .repair:
      return planReplicaRepairs(
        of: placed, on: losing, load: load, policy: policy, options: Self.unlimited(.directVoter)
      ).count
    case .promotion:
      return planLearnerPromotions(
        of: staged, on: losing,
        caughtUp: caughtUpLearnerKeys(
          of: staged, on: losing, forLiveNodes: Set(nodes.map(\.id))), load: load, policy: policy,
        options: Self.unlimited(.learnerFirst)
      ).count
    case .leadership:
      return planLeadershipBalance(of: placed, on: losing, load: load, policy: policy).count
    case .skewed:
      return planLeadershipBalance(
        of: skewed, on: nodes, policy: policy,
        options: LeadershipBalanceOptions(maxTransfers: .max)
      ).count
    case .replicas:
      return planReplicaBalance(
        of: placed, on: nodes + [Self.newcomer], policy: policy,
        options: ReplicaBalanceOptions(maxMoves: .max)
      ).count
    }
  }

  private static func unlimited(_ mode: ReplicaRepairMode) -> ReplicaRepairOptions {
    ReplicaRepairOptions(maxRepairs: .max, repairMode: mode, maxLearnersPerNode: .max)
  }

  private static func losingFirst(_ nodes: [NodeDescriptor]) -> [NodeDescriptor] {
    var losing = nodes
    losing[0].isLive = false
    return losing
  }

  private static let newcomer = NodeDescriptor(id: "node-new", rpcEndpoint: "node-new:7000")

  private static func applying(
    _ plans: [ReplicaRepairPlan], to shards: [ShardDescriptor]
  ) -> [ShardDescriptor] {
    let changed = Dictionary(uniqueKeysWithValues: plans.map { ($0.shard, $0.placements) })
    return shards.map { shard in
      changed[shard.key].map { ShardDescriptor(key: shard.key, placements: $0) } ?? shard
    }
  }

  /// The voter with the lowest name leads, so that few nodes lead much and many nothing.
  private static func ledByLowest(_ shard: ShardDescriptor) -> ShardDescriptor {
    let lowest = shard.placements.map(\.node).min()
    let placements = shard.placements.map { placement in
      var changed = placement
      changed.role = placement.node == lowest ? .leader : .follower
      return changed
    }
    return ShardDescriptor(key: shard.key, placements: placements)
  }
}

/// A pass that planned nothing measures nothing.
struct PlacementWorkloadIdle: Error, CustomStringConvertible {
  let pass: PlacementPass

  var description: String {
    "\"\(pass.rawValue)\" found nothing to plan; give more shards than nodes"
  }
}
