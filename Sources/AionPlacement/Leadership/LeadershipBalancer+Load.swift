import AionModel

extension LeadershipBalancer {
  /// The node that leads most gives first, and of its shards the one whose coldest voter leads
  /// fewest; a shard moves at most once a pass.
  mutating func moveToCold() {
    var led = shardsByLeader()
    var hot = MinimumHeap<Hot>()
    for node in table.nodes.ids.indices where leaders[node] > 0 {
      hot.insert(Hot(leaders: leaders[node], node: node))
    }
    var offers: [Int: MinimumHeap<Offer>] = [:]
    while !isFull, let hottest = hot.removeFirst() {
      let node = hottest.node
      if hottest.leaders > leaders[node] {
        hot.insert(Hot(leaders: leaders[node], node: node))
        continue
      }
      var heap = offers[node] ?? offersOf(&led[node], by: node)
      offers[node] = .some(MinimumHeap())
      let gave = give(from: node, &heap)
      offers[node] = heap
      if gave { hot.insert(Hot(leaders: leaders[node], node: node)) }
    }
  }

  private var delta: Int { max(options.minLoadDelta, 2) }

  private func shardsByLeader() -> [[Int32]] {
    var led: [[Int32]] = Array(repeating: [], count: table.nodes.count)
    for (shard, leader) in leaderOf.enumerated() where leader >= 0 {
      led[Int(leader)].append(Int32(shard))
    }
    return led
  }

  private func offersOf(_ shards: inout [Int32], by node: Int) -> MinimumHeap<Offer> {
    let offers = shards.compactMap { shard in
      coldest(for: Int(shard), led: node).map { Offer(leaders: leaders[$0], shard: Int(shard)) }
    }
    shards = []
    return MinimumHeap(offers)
  }

  /// An offer may have grown old, for its taker has taken others since; it then waits its turn
  /// anew.
  private mutating func give(from node: Int, _ heap: inout MinimumHeap<Offer>) -> Bool {
    while let offer = heap.removeFirst() {
      guard leaders[node] - offer.leaders >= delta else {
        heap.insert(offer)
        return false
      }
      guard let taker = coldest(for: offer.shard, led: node) else { continue }
      if leaders[taker] > offer.leaders + tolerance(of: taker, giver: node) {
        heap.insert(Offer(leaders: leaders[taker], shard: offer.shard))
        continue
      }
      transfer(
        offer.shard, to: taker, .unevenLoad(from: leaders[node], to: leaders[taker]),
        isBalancing: true)
      return true
    }
    return false
  }

  /// How much older than exact an offer may be. In proportion to the difference, so that each time
  /// one waits anew the difference has shrunk by a share of itself: an offer is looked at O(log)
  /// times.
  private func tolerance(of taker: Int, giver: Int) -> Int {
    max(0, leaders[giver] - leaders[taker]) / 8
  }

  /// The live voter that leads fewest of those that are as fit to lead as the leader.
  private func coldest(for shard: Int, led node: Int) -> Int? {
    let nodes = table.nodes
    let rank = nodes.leaderRank(of: node)
    let others = table[shard].lazy.filter { replica in
      replica.node != node && nodes.leaderRank(of: replica.node) <= rank
    }
    return nodes.bestLeader(among: others, leaders: leaders)
  }

  /// The most leaders first, then the lower number.
  private struct Hot: Comparable {
    let leaders: Int
    let node: Int

    static func < (left: Hot, right: Hot) -> Bool {
      left.leaders != right.leaders ? left.leaders > right.leaders : left.node < right.node
    }
  }

  /// What the coldest voter of a shard led when it was looked at.
  private struct Offer: Comparable {
    let leaders: Int
    let shard: Int

    static func < (left: Offer, right: Offer) -> Bool {
      (left.leaders, left.shard) < (right.leaders, right.shard)
    }
  }
}
