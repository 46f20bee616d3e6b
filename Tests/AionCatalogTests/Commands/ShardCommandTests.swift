import AionCatalog
import AionModel
import Testing

@Suite("Commands on shards")
struct ShardCommandTests {
  var machine = Machine()
  let key = ShardKey(database: 1, relation: 7, shard: 0)

  @Test("A new shard is stamped with the index that made it; an identical one changes nothing")
  mutating func upsert() throws {
    let command = Command.upsertShard(key, .follower("b"), .leader("a"))
    #expect(try machine.bumps(of: command) == [.catalog, .placement, .state])
    let epoch = machine.snapshot.placementEpoch
    #expect(
      machine.snapshot.shard(key)?.placements == [
        ShardPlacement(shard: 0, node: "a", role: .leader, leaseEpoch: epoch),
        ShardPlacement(shard: 0, node: "b", role: .follower, leaseEpoch: epoch),
      ])
    #expect(try machine.bumps(of: command) == .nothing)
    #expect(machine.snapshot.shard(key)?.leader?.leaseEpoch == epoch)
  }

  @Test("An epoch that the proposer wrote is ignored")
  mutating func proposedEpoch() throws {
    let placement = ShardPlacement(shard: 0, node: "a", role: .leader, leaseEpoch: 999)
    try machine.apply(.upsertShard(key, placement))
    #expect(machine.snapshot.shard(key)?.leader?.leaseEpoch == 1)
    #expect(try machine.bumps(of: .upsertShard(key, placement)) == .nothing)
  }

  @Test("Replacing a shard stamps what is new or changed, and moves the placement epoch only")
  mutating func replace() throws {
    try machine.apply(.upsertShard(key, .leader("a"), .follower("b"), .follower("c")))
    let old = machine.snapshot.placementEpoch
    let replacement = Command.upsertShard(key, .leader("a"), .learner("b"), .follower("d"))
    #expect(try machine.bumps(of: replacement) == [.placement, .state])
    let new = machine.snapshot.placementEpoch
    #expect(machine.snapshot.shard(key)?.placements.map(\.leaseEpoch) == [old, new, new])
    #expect(["a", "b", "c", "d"].map { machine.snapshot.placementCount(on: $0) } == [1, 1, 0, 1])
  }

  static let invalid: [([ShardPlacement], PlacementProblem)] = [
    ([], .empty),
    ([.follower("a")], .leaders(count: 0)),
    ([.learner("a")], .leaders(count: 0)),
    ([.leader("a"), .leader("b")], .leaders(count: 2)),
    ([.leader("a"), .learner("a")], .duplicateNode("a")),
    ([.follower("b"), .leader("a"), .learner("b")], .duplicateNode("b")),
    ([.leader("a"), .follower("b", of: 3)], .otherShard(3)),
    ([.leader("a", of: 3)], .otherShard(3)),
  ]

  @Test(
    "Placements that cannot be are refused, for a new shard and for an old one", arguments: invalid)
  func invalidPlacements(placements: [ShardPlacement], problem: PlacementProblem) throws {
    var machine = Machine()
    let refusal = ClusterError.invalidPlacement(key, problem)
    let shard = ShardDescriptor(key: key, placements: placements)
    #expect(machine.refusal(of: .upsertShard(shard)) == refusal)
    try machine.apply(.upsertShard(key, .leader("z")))
    #expect(machine.refusal(of: .updatePlacement(key, to: placements)) == refusal)
    #expect(machine.refusal(of: .upsertShard(shard)) == refusal)
  }

  @Test("As many placements as the limit are accepted, one more is refused")
  mutating func placementLimit() throws {
    let nodes = try (0...Limits.placementsPerShard).map { try NodeID("n\($0)") }
    let placements = [.leader(nodes[0])] + nodes.dropFirst().map { ShardPlacement.follower($0) }
    let limit = Limits.placementsPerShard
    let refusal = ClusterError.limitExceeded(.placementsPerShard, asked: limit + 1, allowed: limit)
    let tooMany = ShardDescriptor(key: key, placements: placements)
    #expect(machine.refusal(of: .upsertShard(tooMany)) == refusal)
    let most = ShardDescriptor(key: key, placements: placements.dropLast())
    try machine.apply(.upsertShard(most))
    #expect(machine.refusal(of: .updatePlacement(key, to: placements)) == refusal)
  }

  @Test("A table's shards go together; an unknown table changes nothing")
  mutating func removeTable() throws {
    let sibling = ShardKey(table: key.table, shard: 1)
    let stranger = ShardKey(database: 1, relation: 8, shard: 0)
    try machine.apply(
      .upsertShard(key, .leader("a")), .upsertShard(sibling, .leader("a", of: 1)),
      .upsertShard(stranger, .leader("a")))
    #expect(try machine.bumps(of: .removeShards(of: key.table)) == [.catalog, .placement, .state])
    #expect(machine.snapshot.shards().map(\.key) == [stranger])
    #expect(machine.snapshot.placementCount(on: "a") == 1)
    #expect(try machine.bumps(of: .removeShards(of: key.table)) == .nothing)
  }

  @Test("A placement update stamps every placement; the topology as it is changes nothing")
  mutating func updatePlacement() throws {
    try machine.apply(.upsertShard(key, .leader("a"), .follower("b")))
    let placements: [ShardPlacement] = [.learner("c"), .leader("a"), .follower("b")]
    #expect(try machine.bumps(of: .updatePlacement(key, to: placements)) == [.placement, .state])
    let epoch = machine.snapshot.placementEpoch
    #expect(machine.snapshot.shard(key)?.placements.map(\.leaseEpoch) == [epoch, epoch, epoch])
    #expect(try machine.bumps(of: .updatePlacement(key, to: placements.reversed())) == .nothing)
    #expect(machine.snapshot.shard(key)?.leader?.leaseEpoch == epoch)
  }

  @Test("A placement update of an unknown shard is refused before its placements are looked at")
  mutating func updateUnknown() {
    #expect(machine.refusal(of: .updatePlacement(key, to: [])) == .unknownShard(.key(key)))
  }

  @Test("A placement update that expects another topology is refused, whatever it asks")
  mutating func updateExpecting() throws {
    try machine.apply(.upsertShard(key, .leader("a"), .follower("b")))
    let current = try #require(machine.snapshot.shard(key)?.placements)
    let stale: [ShardPlacement] = [.leader("b"), .follower("a")]
    for placements in [stale, [.leader("c")], [.leader("a"), .follower("b")]] {
      #expect(
        machine.refusal(of: .updatePlacement(key, to: placements, expecting: stale))
          == .placementChanged(key, expected: stale, current: current))
    }
    #expect(
      machine.refusal(of: .updatePlacement(key, to: stale, expecting: []))
        == .placementChanged(key, expected: [], current: current))
    // In any order, and whatever epochs it names.
    let believed: [ShardPlacement] = [.follower("b"), .leader("a")]
    try machine.apply(.updatePlacement(key, to: stale, expecting: believed))
    #expect(machine.snapshot.shard(key)?.leader?.node == "b")
  }
}
