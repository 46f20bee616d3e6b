import AionModel

/// Nine nodes in three regions with three zones each, named `eu-a`, …, `us-c`.
enum NineNodes {
  static let regions = ["ap", "eu", "us"]
  static let zones = ["a", "b", "c"]

  static var ids: [NodeID] { regions.flatMap { region in zones.map { node(region, $0) } } }

  static func node(_ region: String, _ zone: String) -> NodeID {
    NodeID(stringLiteral: "\(region)-\(zone)")
  }

  static func descriptors(
    down: Set<NodeID> = [], draining: Set<NodeID> = []
  ) -> [NodeDescriptor] {
    ids.map { id in
      NodeDescriptor(
        id: id, rpcEndpoint: "\(id):7000", isLive: !down.contains(id),
        isDraining: draining.contains(id))
    }
  }

  static func policy(
    factor: Int = 3, leasePreferences: [NodeAttributeConstraint] = [],
    spread: [String] = ["region", "zone"]
  ) -> ReplicaPlacementPolicy {
    var attributes: [NodeID: [NodeAttributeConstraint]] = [:]
    for region in regions {
      for zone in zones {
        attributes[node(region, zone)] = [
          NodeAttributeConstraint(key: "region", value: region),
          NodeAttributeConstraint(key: "zone", value: "\(region)-\(zone)"),
        ]
      }
    }
    return ReplicaPlacementPolicy(
      replicationFactor: factor, nodeAttributes: attributes, leasePreferences: leasePreferences,
      spreadAttributes: spread)
  }

  static func keys(_ count: Int, table: RelationID = 16_384) -> [ShardKey] {
    (0..<count).map { ShardKey(database: .default, relation: table, shard: ShardID(UInt32($0))) }
  }
}

extension ShardDescriptor {
  /// `shard-0`, or the one of the number, with the leader first: `["eu-a", "us-a", "ap-a"]`.
  static func voters(
    _ nodes: [NodeID], learners: [NodeID] = [], number: UInt32 = 0
  ) -> ShardDescriptor {
    let key = ShardKey(database: .default, relation: 16_384, shard: ShardID(number))
    let voters = nodes.enumerated().map { position, node in
      ShardPlacement(shard: key.shard, node: node, role: position == 0 ? .leader : .follower)
    }
    let rest = learners.map { ShardPlacement(shard: key.shard, node: $0, role: .learner) }
    return ShardDescriptor(key: key, placements: voters + rest)
  }

  var nodes: [NodeID] { placements.map(\.node) }
}
