import AionCatalog
import AionModel
import Testing

@Suite("Commands on nodes")
struct NodeCommandTests {
  var machine = Machine()

  @Test("A node is registered, replaced, and left alone when identical")
  mutating func upsert() throws {
    #expect(try machine.bumps(of: .upsertNode("a")) == [.placement, .state])
    #expect(try machine.bumps(of: .upsertNode("a")) == .nothing)
    let moved = NodeDescriptor(id: "a", rpcEndpoint: "elsewhere:7000")
    #expect(try machine.bumps(of: .upsertNode(moved)) == [.placement, .state])
    #expect(machine.snapshot.node("a") == moved)
  }

  @Test("Nodes are told apart by the bytes of their names, and listed in the order of these")
  mutating func canonicalEquivalence() throws {
    let names = ["cafe\u{301}", "caf\u{E9}", "caff"]
    let nodes = try names.map { try NodeID($0) }
    for node in nodes.reversed() {
      #expect(try machine.bumps(of: .upsertNode(node)) == [.placement, .state])
    }
    #expect(machine.snapshot.nodes().map(\.id) == [nodes[0], nodes[2], nodes[1]])
  }

  @Test("Nodes come in the order of the bytes of their names, whatever their lengths")
  func order() throws {
    var generator = SplitMix64(seed: 8)
    let letters = ["a", "b", "ü", "~"]
    let names = (0..<400).map { _ in
      (0...Int.random(in: 0..<20, using: &generator)).map { _ in
        letters[Int.random(in: 0..<4, using: &generator) * Int.random(in: 0...1, using: &generator)]
      }.joined()
    }
    let bytes = names.map { [UInt8]($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
    #expect(try names.map { try NodeID($0) }.sorted().map { [UInt8]($0.name.utf8) } == bytes)
    for (left, right) in zip(names, names.shuffled(using: &generator)) {
      #expect(
        try (NodeID(left) == NodeID(right)) == [UInt8](left.utf8).elementsEqual(right.utf8))
    }
  }

  @Test("A node without an endpoint is refused")
  mutating func upsertRefused() {
    let node = NodeDescriptor(id: "a", rpcEndpoint: "")
    #expect(machine.refusal(of: .upsertNode(node)) == .invalidName(.endpoint, "", .empty))
    let long = String(repeating: "x", count: 1_025)
    #expect(
      machine.refusal(of: .upsertNode(NodeDescriptor(id: "a", rpcEndpoint: long)))
        == .invalidName(.endpoint, long, .tooLong(limit: 1_024)))
  }

  @Test("A node goes down and comes back; liveness as it is changes nothing")
  mutating func mark() throws {
    try machine.apply(.upsertNode("a"))
    #expect(try machine.bumps(of: .markNode("a", live: true)) == .nothing)
    #expect(try machine.bumps(of: .markNode("a", live: false)) == [.placement, .state])
    #expect(machine.snapshot.liveNodes().isEmpty)
    #expect(try machine.bumps(of: .markNode("a", live: true)) == [.placement, .state])
    #expect(machine.refusal(of: .markNode("b", live: true)) == .unknownNode("b"))
  }

  @Test("A node is drained and put back into service; registering again does not do so")
  mutating func drain() throws {
    try machine.apply(.upsertNode("a"))
    #expect(try machine.bumps(of: .setNodeDraining("a", to: false)) == .nothing)
    #expect(try machine.bumps(of: .setNodeDraining("a", to: true)) == [.placement, .state])
    #expect(machine.snapshot.node("a")?.isDraining == true)
    #expect(try machine.bumps(of: .upsertNode("a")) == .nothing)
    let moved = NodeDescriptor(id: "a", rpcEndpoint: "elsewhere:7000")
    #expect(try machine.bumps(of: .upsertNode(moved)) == [.placement, .state])
    try machine.apply(.markNode("a", live: false), .markNode("a", live: true))
    #expect(
      machine.snapshot.node("a")
        == NodeDescriptor(id: "a", rpcEndpoint: "elsewhere:7000", isDraining: true))
    #expect(machine.snapshot.summary().nodes.map(\.isDraining) == [true])
    #expect(machine.snapshot.isLive("a") && machine.snapshot.liveNodes().map(\.id) == ["a"])
    #expect(try machine.bumps(of: .setNodeDraining("a", to: false)) == [.placement, .state])
    #expect(machine.snapshot.node("a") == moved)
    #expect(machine.refusal(of: .setNodeDraining("b", to: true)) == .unknownNode("b"))
  }

  @Test("A node may register as one that is draining; removed and registered anew it is in service")
  mutating func registerDraining() throws {
    let leaving = NodeDescriptor(id: "a", rpcEndpoint: "a:1", isDraining: true)
    try machine.apply(.upsertNode(leaving))
    #expect(machine.snapshot.node("a") == leaving)
    try machine.apply(.removeNode("a"), .upsertNode("a"))
    #expect(machine.snapshot.node("a")?.isDraining == false)
  }

  @Test("A node is removed once it hosts no placement, learners included")
  mutating func remove() throws {
    let key = ShardKey(database: 1, relation: 1, shard: 4)
    let other = ShardKey(database: 1, relation: 2, shard: 4)
    try machine.apply(
      .upsertNode("a"), .upsertShard(key, .leader("b", of: 4), .learner("a", of: 4)),
      .upsertShard(other, .leader("a", of: 4)))
    #expect(machine.refusal(of: .removeNode("x")) == .unknownNode("x"))
    #expect(
      machine.refusal(of: .removeNode("a")) == .nodeHostsReplicas("a", count: 2, example: key))
    try machine.apply(
      .updatePlacement(key, to: [.leader("b", of: 4)]), .removeShards(of: other.table))
    #expect(try machine.bumps(of: .removeNode("a")) == [.placement, .state])
    #expect(machine.snapshot.nodes().isEmpty)
  }
}
