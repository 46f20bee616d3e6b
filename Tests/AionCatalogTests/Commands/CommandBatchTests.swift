import AionCatalog
import AionModel
import Testing

@Suite("Batches of commands")
struct CommandBatchTests {
  var machine = Machine()
  let key = ShardKey(database: 1, relation: 7, shard: 0)

  @Test("Each command sees what those before it did, and all share one index")
  mutating func together() throws {
    let applied = try machine.apply(
      .createDatabase("a"), .renameDatabase(2, to: "b"), .upsertNode("n"),
      .upsertShard(key, .leader("n")), .transferLeadership(key, to: "n"))
    #expect(applied.outcomes.count == 5)
    #expect(machine.snapshot.database(2)?.name == "b")
    #expect(applied.catalogVersion == CatalogVersion(applied.index))
    #expect(applied.placementEpoch == PlacementEpoch(applied.index))
    #expect(machine.snapshot.shard(key)?.leader?.leaseEpoch == applied.placementEpoch)
  }

  @Test("When one command is refused, nothing of the batch remains, ids included")
  mutating func whole() throws {
    try machine.apply(.upsertNode("n"), .upsertShard(key, .leader("n")))
    #expect(
      machine.refusal(
        of: .createDatabase("a"), .upsertRole(.superuser(named: "r")), .beginTxn(.local),
        .removeShards(of: key.table), .removeNode("n"), .dropDatabase(77))
        == .unknownDatabase(.id(77)))
    #expect(machine.snapshot.shard(key) != nil)
    #expect(machine.snapshot.placementCount(on: "n") == 1)
    #expect(try machine.apply(.beginTxn(.local)).outcomes == [.began(1)])
    try machine.apply(.createDatabase("a"))
    #expect(machine.snapshot.database(named: "a")?.id == 2)
  }

  @Test("A batch that undoes itself still is a change: the versions move")
  mutating func undoing() throws {
    try machine.apply(.upsertNode("n"))
    #expect(
      try machine.bumps(of: .markNode("n", live: false), .markNode("n", live: true))
        == [.placement, .state])
  }

  @Test("An empty batch takes an index and changes nothing")
  mutating func empty() throws {
    #expect(try machine.bumps() == .nothing)
    #expect(machine.snapshot.applied == 1)
  }

  @Test("A batch that expects other versions is refused before anything else is looked at")
  mutating func preconditions() throws {
    try machine.apply(.createDatabase("a"))
    try machine.apply(.upsertNode("n"))
    #expect(
      machine.refusal(of: CommandBatch([.createDatabase("")], expecting: 2))
        == .preconditionFailed(.catalogVersion(expected: 2, current: 1)))
    #expect(
      machine.refusal(of: CommandBatch([.createDatabase("")], placementEpoch: 1))
        == .preconditionFailed(.placementEpoch(expected: 1, current: 2)))
    #expect(
      machine.refusal(of: CommandBatch([], expecting: 1, placementEpoch: 0))
        == .preconditionFailed(.placementEpoch(expected: 0, current: 2)))
    try machine.apply(CommandBatch([.createDatabase("b")], expecting: 1, placementEpoch: 2))
    #expect(machine.snapshot.database(named: "b") != nil)
  }

  @Test("A batch of more commands than the limit is refused")
  mutating func limit() throws {
    let limit = Limits.commandsPerBatch
    let commands = [Command](repeating: .dropRole(name: "x"), count: limit)
    try machine.apply(CommandBatch(commands))
    #expect(
      machine.refusal(of: CommandBatch(commands + commands.prefix(1)))
        == .limitExceeded(.commandsPerBatch, asked: limit + 1, allowed: limit))
  }

  @Test("An entry that is not for the state machine moves only the applied index")
  mutating func advance() throws {
    let before = machine.snapshot.encoded()
    machine.state.advance(to: 41)
    #expect(machine.snapshot.applied == 41)
    #expect(machine.snapshot.encoded() == before)
    try machine.apply(.upsertNode("n"))
    #expect(machine.snapshot.placementEpoch == 42)
  }
}
