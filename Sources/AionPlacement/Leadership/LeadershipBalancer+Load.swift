import AionModel

extension LeadershipBalancer {
  /// The node that leads most gives first, to the node that leads fewest of those that can take a
  /// shard of it; a shard moves at most once a pass.
  mutating func moveToCold() {
    var led = shardsByLeader()
    var hot = MinimumHeap<Hot>()
    for node in table.nodes.ids.indices where leaders[node] > 0 {
      hot.insert(Hot(leaders: leaders[node], node: node))
    }
    var offers: [Int: Offers] = [:]
    while !isFull, let hottest = hot.removeFirst() {
      let node = hottest.node
      if hottest.leaders > leaders[node] {
        hot.insert(Hot(leaders: leaders[node], node: node))
        continue
      }
      var own = offers.removeValue(forKey: node) ?? offersOf(&led[node], by: node)
      let gave = give(from: node, &own)
      guard gave else { continue }
      offers[node] = own
      hot.insert(Hot(leaders: leaders[node], node: node))
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

  /// What a node can give to whom: to live voters that are as fit to lead as it is.
  private func offersOf(_ shards: inout [Int32], by node: Int) -> Offers {
    let own = ranks[node]
    var choices: [Choice] = []
    choices.reserveCapacity(shards.count * 2)
    for shard in shards {
      for replica in table[Int(shard)] where replica.isVoting && replica.node != node {
        let rank = ranks[replica.node]
        guard rank <= own, rank != .max else { continue }
        choices.append(Choice(taker: Int32(replica.node), shard: shard))
      }
    }
    shards = []
    choices.sort()
    return Offers(choices) { taker in Taker.key(of: taker, leaders: leaders[taker]) }
  }

  /// What a taker led when it was looked at may have grown old, for it has taken from others since;
  /// it then waits its turn anew.
  private mutating func give(from node: Int, _ offers: inout Offers) -> Bool {
    while var taker = offers.takers.removeFirst() {
      guard leaders[node] - taker.leaders >= delta else {
        offers.takers.insert(taker)
        return false
      }
      while !taker.left.isEmpty, leaderOf[Int(offers.choices[taker.left.lowerBound].shard)] < 0 {
        taker.left.removeFirst()
      }
      guard let next = taker.left.first else { continue }
      let now = leaders[taker.node]
      guard now <= taker.leaders + tolerance(of: taker.node, giver: node) else {
        taker.key = Taker.key(of: taker.node, leaders: now)
        offers.takers.insert(taker)
        continue
      }
      transfer(
        Int(offers.choices[next].shard), to: taker.node,
        .unevenLoad(from: leaders[node], to: now), isBalancing: true)
      taker.left.removeFirst()
      taker.key = Taker.key(of: taker.node, leaders: leaders[taker.node])
      offers.takers.insert(taker)
      return true
    }
    return false
  }

  /// How much older than exact a look may be. In proportion to the difference, so that each time
  /// one waits anew the difference has shrunk by a share of itself: a taker is looked at O(log)
  /// times.
  private func tolerance(of taker: Int, giver: Int) -> Int {
    max(0, leaders[giver] - leaders[taker]) / 8
  }

  /// The most leaders first, then the lower number.
  private struct Hot: Comparable {
    let leaders: Int
    let node: Int

    static func < (left: Hot, right: Hot) -> Bool {
      left.leaders != right.leaders ? left.leaders > right.leaders : left.node < right.node
    }
  }

  /// A shard that a node could lead.
  private struct Choice: Comparable {
    let taker: Int32
    let shard: Int32

    static func < (left: Choice, right: Choice) -> Bool {
      left.taker != right.taker ? left.taker < right.taker : left.shard < right.shard
    }
  }

  /// A node that could take, and what it led when it was looked at.
  private struct Taker: Comparable {
    let node: Int
    var key: UInt64
    /// Where in `choices` the shards stand that it has not been asked for.
    var left: Range<Int>

    var leaders: Int { Int(key >> 32) }

    static func key(of node: Int, leaders: Int) -> UInt64 {
      NodeChooser.key(of: node, load: leaders)
    }

    static func < (left: Taker, right: Taker) -> Bool {
      left.key != right.key ? left.key < right.key : left.node < right.node
    }
  }

  /// Everything that one node can give.
  private struct Offers {
    /// Sorted.
    let choices: [Choice]
    var takers: MinimumHeap<Taker>

    init(_ choices: [Choice], keyOf: (Int) -> UInt64) {
      self.choices = choices
      var takers: [Taker] = []
      var start = 0
      while start < choices.count {
        let node = choices[start].taker
        let end = choices[start...].firstIndex { $0.taker != node } ?? choices.count
        takers.append(Taker(node: Int(node), key: keyOf(Int(node)), left: start..<end))
        start = end
      }
      self.takers = MinimumHeap(takers)
    }
  }
}
