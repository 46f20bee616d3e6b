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
      coldest(for: Int(shard), led: node).map { offer(shard, to: $0) }
    }
    shards = []
    return MinimumHeap(offers)
  }

  /// An offer may have grown old, for its taker has taken others since; it then waits its turn
  /// anew.
  private mutating func give(from node: Int, _ heap: inout MinimumHeap<Offer>) -> Bool {
    while let offer = heap.removeFirst() {
      guard leaders[node] - Int(offer.leaders) >= delta else {
        heap.insert(offer)
        return false
      }
      var taker = Int(offer.taker)
      // Others have taken since, never given: as long as it has not it is the coldest.
      if leaders[taker] != Int(offer.leaders) {
        guard let coldest = coldest(for: Int(offer.shard), led: node) else { continue }
        taker = coldest
      }
      if leaders[taker] > Int(offer.leaders) + tolerance(of: taker, giver: node) {
        heap.insert(self.offer(offer.shard, to: taker))
        continue
      }
      transfer(
        Int(offer.shard), to: taker, .unevenLoad(from: leaders[node], to: leaders[taker]),
        isBalancing: true)
      return true
    }
    return false
  }

  private func offer(_ shard: Int32, to taker: Int) -> Offer {
    Offer(leaders: Int32(clamping: leaders[taker]), shard: shard, taker: Int32(taker))
  }

  /// How much older than exact an offer may be. In proportion to the difference, so that each time
  /// one waits anew the difference has shrunk by a share of itself: an offer is looked at O(log)
  /// times.
  private func tolerance(of taker: Int, giver: Int) -> Int {
    max(0, leaders[giver] - leaders[taker]) / 8
  }

  /// The live voter that leads fewest of those that are as fit to lead as the leader.
  private func coldest(for shard: Int, led node: Int) -> Int? {
    let own = ranks[node]
    var best: (rank: Int, load: UInt64, node: Int)?
    for replica in table[shard] where replica.isVoting && replica.node != node {
      let other = replica.node
      let rank = ranks[other]
      guard rank <= own, rank != .max else { continue }
      let load = NodeChooser.key(of: other, load: leaders[other])
      if let best, (best.rank, best.load, best.node) <= (rank, load, other) { continue }
      best = (rank, load, other)
    }
    return best?.node
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
    let leaders: Int32
    let shard: Int32
    /// The coldest voter then.
    let taker: Int32

    static func < (left: Offer, right: Offer) -> Bool {
      (left.leaders, left.shard) < (right.leaders, right.shard)
    }
  }
}
