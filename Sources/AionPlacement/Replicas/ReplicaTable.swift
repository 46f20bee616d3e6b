import AionModel

/// The shards of a pass in the order of their keys, their replicas as dense numbers.
struct ReplicaTable {
  let shards: [ShardDescriptor]
  private(set) var nodes: NodeTable
  /// Of all shards of the cluster where that is known, else of these.
  private(set) var load: NodeLoad
  private var ends: [Int32] = []
  private var replicas: [Replica] = []

  init(
    _ shards: [ShardDescriptor], on nodes: [NodeDescriptor], policy: ReplicaPlacementPolicy,
    load totals: [NodeID: ReplicaCounts]? = nil
  ) {
    self.shards = shards.areInKeyOrder ? shards : shards.sorted { $0.key < $1.key }
    var table = NodeTable(nodes, policy: policy)
    ends.reserveCapacity(shards.count)
    replicas.reserveCapacity(shards.count * 3)
    for shard in self.shards {
      for placement in shard.placements {
        let node = table.numberAddingUnregistered(placement.node)
        replicas.append(Replica(node: node, role: placement.role))
      }
      ends.append(Int32(replicas.count))
    }
    self.nodes = table
    load = NodeLoad(nodeCount: table.count)
    for replica in replicas { load.count(replica.role, on: replica.node, by: 1) }
    if let totals { load.raise(to: totals, on: table) }
  }

  /// The replicas of a shard in the order of its placements.
  @inline(__always)
  subscript(shard: Int) -> ArraySlice<Replica> {
    replicas[(shard == 0 ? 0 : Int(ends[shard - 1]))..<Int(ends[shard])]
  }

  func tally(_ shard: Int) -> ShardTally {
    let ownReplicas = self[shard]
    var tally = ShardTally()
    tally.isWellFormed = ownReplicas.count <= PlacementLimits.placementsPerShard
    var previous = -1
    for replica in ownReplicas {
      tally.count(replica, isLive: nodes.isLive[replica.node])
      if replica.node == previous { tally.isWellFormed = false }
      previous = replica.node
    }
    if tally.leaders != 1 { tally.isWellFormed = false }
    return tally
  }
}

extension [ShardDescriptor] {
  fileprivate var areInKeyOrder: Bool {
    zip(self, dropFirst()).allSatisfy { $0.key <= $1.key }
  }
}
