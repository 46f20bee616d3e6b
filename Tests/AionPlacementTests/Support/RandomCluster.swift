import AionModel
import AionPlacement
import Testing

/// A cluster, a policy and options as a seed makes them: anything that an operator may bring about.
struct RandomCluster {
  let seed: UInt64
  var nodes: [NodeDescriptor] = []
  var shards: [ShardDescriptor] = []
  var policy = ReplicaPlacementPolicy()
  var repair = ReplicaRepairOptions()
  var leadership = LeadershipBalanceOptions()
  var balance = ReplicaBalanceOptions()
  var caughtUp: Set<ReplicaCatchupKey> = []
  /// What the nodes carry of databases that the planners do not see.
  var others: [NodeID: ReplicaCounts] = [:]
  var chance: SplitMix64

  init(seed: UInt64) {
    self.seed = seed
    chance = SplitMix64(seed: seed)
    makeNodes()
    makePolicy()
    makeOptions()
    makeShards()
    for placement in shards.flatMap({ shard in shard.learners.map { (shard.key, $0.node) } })
    where chance.draws(1, in: 2) {
      caughtUp.insert(ReplicaCatchupKey(shard: placement.0, node: placement.1))
    }
    makeOthers()
  }

  var repeatCommand: Comment {
    "seed \(seed): repeat with AION_SEED=\(seed) tools/test --filter Propert"
  }

  private mutating func makeNodes() {
    for number in 0..<chance.number(in: 1...14) {
      nodes.append(
        NodeDescriptor(
          id: NodeID(stringLiteral: "node-\(number)"), rpcEndpoint: "host:\(number)",
          isLive: !chance.draws(1, in: 5)))
    }
  }

  private mutating func makePolicy() {
    let (regions, zones) = (chance.number(in: 1...4), chance.number(in: 1...3))
    for node in nodes {
      var attributes: [NodeAttributeConstraint] = []
      if !chance.draws(1, in: 12) {
        attributes.append(.init(key: "region", value: "r\(chance.number(in: 1...regions))"))
        attributes.append(.init(key: "zone", value: "z\(chance.number(in: 1...zones))"))
      }
      if chance.draws(4, in: 5) { attributes.append(.init(key: "disk", value: "ssd")) }
      policy.nodeAttributes[node.id] = attributes
    }
    policy.replicationFactor = chance.one(of: [1, 2, 3, 3, 3, 4, 5])
    if chance.draws(1, in: 4) {
      policy.requiredAttributes = [.init(key: "disk", value: "ssd")]
    }
    if chance.draws(1, in: 3) {
      policy.leasePreferences = ["r1", "r2"].map { .init(key: "region", value: $0) }
    }
    policy.spreadAttributes = chance.one(of: [[], ["region"], ["region", "zone"], ["zone"]])
    if chance.draws(1, in: 4) {
      nodes[chance.number(in: 0...(nodes.count - 1))].isDraining = true
    }
  }

  private mutating func makeOptions() {
    repair.repairMode = chance.one(of: ReplicaRepairMode.allCases)
    repair.replaceDownVoters = !chance.draws(1, in: 6)
    repair.maxRepairs = chance.one(of: [0, 1, 5, 1_000])
    repair.maxLearnersPerShard = chance.number(in: 0...3)
    repair.maxLearnersPerNode = chance.one(of: [0, 1, 3, 64])
    leadership.maxTransfers = chance.one(of: [0, 1, 4, 1_000])
    leadership.minLoadDelta = chance.number(in: 1...4)
    balance.maxMoves = chance.one(of: [0, 1, 4, 1_000])
    balance.minLoadDelta = chance.number(in: 1...4)
  }

  private mutating func makeOthers() {
    guard chance.draws(1, in: 3) else { return }
    for node in nodes where chance.draws(2, in: 3) {
      others[node.id] = ReplicaCounts(
        leaders: chance.number(in: 0...20), followers: chance.number(in: 0...40),
        learners: chance.number(in: 0...3))
    }
  }

  private mutating func makeShards() {
    var names = nodes.map(\.id)
    if chance.draws(1, in: 5) { names.append("stranger") }
    for number in 0..<chance.number(in: 0...40) {
      let hosts = names.shuffled(using: &chance)
      let voters = min(hosts.count, chance.number(in: 1...5))
      let learners = min(hosts.count - voters, chance.number(in: 0...2))
      shards.append(
        .voters(
          Array(hosts.prefix(voters)),
          learners: Array(hosts.dropFirst(voters).prefix(learners)), number: UInt32(number)))
    }
  }
}

extension SplitMix64 {
  mutating func number(in range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

  mutating func draws(_ hits: Int, in all: Int) -> Bool { number(in: 1...all) <= hits }

  mutating func one<Element>(of choices: [Element]) -> Element {
    choices[number(in: 0...(choices.count - 1))]
  }
}
