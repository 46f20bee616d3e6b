import AionModel

extension ReplicaBalancer {
  /// The node with the most replicas gives first, to the coldest node that does not bring the
  /// voters of the shard closer together. Each replica is looked at once.
  mutating func evenLoad() {
    var shardsOf = shardsByNode()
    var hot = MinimumHeap<Hot>()
    for node in shardsOf.indices where !shardsOf[node].isEmpty {
      hot.insert(Hot(replicas: pass.load.replicas[node], node: node))
    }
    while !pass.isFull, let hottest = hot.removeFirst() {
      let node = hottest.node
      let replicas = pass.load.replicas[node]
      guard replicas == hottest.replicas else {
        hot.insert(Hot(replicas: replicas, node: node))
        continue
      }
      guard let coldest = pass.chooser.leastLoad, replicas - coldest >= delta else { return }
      if give(from: node, &shardsOf[node]) {
        hot.insert(Hot(replicas: pass.load.replicas[node], node: node))
      }
    }
  }

  /// In descending order, so that the first is the cheapest to take.
  private func shardsByNode() -> [[Int32]] {
    var shardsOf: [[Int32]] = Array(repeating: [], count: pass.nodes.count)
    for shard in pass.table.shards.indices.reversed() where isOpen[shard] {
      for replica in pass.table[shard] where !replica.isLeader {
        shardsOf[replica.node].append(Int32(shard))
      }
    }
    return shardsOf
  }

  private mutating func give(from node: Int, _ shards: inout [Int32]) -> Bool {
    while let shard = shards.popLast().map({ Int($0) }) {
      guard isOpen[shard],
        let replica = pass.table[shard].first(where: { $0.node == node }),
        let choice = pass.choose(for: shard, apartFrom: .voters, moving: node),
        pass.load.replicas[node] - pass.load.replicas[choice.node] >= delta,
        choice.conflicts <= pass.conflicts(of: node, in: shard, apartFrom: .voters)
      else { continue }
      let cause = RepairCause.unevenLoad(
        pass.nodes.ids[node], replicas: pass.load.replicas[node])
      if move(replica, of: shard, to: choice, because: cause) { return true }
    }
    return false
  }

  /// The most replicas first, then the lower number.
  private struct Hot: Comparable {
    let replicas: Int
    let node: Int

    static func < (left: Hot, right: Hot) -> Bool {
      left.replicas != right.replicas ? left.replicas > right.replicas : left.node < right.node
    }
  }
}
