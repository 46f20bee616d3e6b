import AionCatalog
import AionModel
import Testing

@Suite("Listing a snapshot")
struct ListingTests {
  @Test("Everything is listed in the order of its keys, whatever order it came in")
  func order() throws {
    var machine = Machine()
    for name in ["zeta", "Beta", "alpha"] {
      try machine.apply(.createDatabase(name), .upsertRole(.superuser(named: name)))
    }
    for node in ["n10", "n2", "n1"] as [NodeID] { try machine.apply(.upsertNode(node)) }
    let keys = [(2, 9, 1), (1, 9, 5), (2, 1, 7), (1, 9, 2)].map { database, relation, shard in
      ShardKey(
        database: DatabaseID(database), relation: RelationID(relation), shard: ShardID(shard))
    }
    for key in keys { try machine.apply(.upsertShard(key, .leader("n1", of: key.shard))) }
    let snapshot = machine.snapshot
    #expect(snapshot.databases().map(\.name) == ["zeta", "Beta", "alpha"])
    #expect(snapshot.databases().map(\.id) == [2, 3, 4])
    #expect(snapshot.roles().map(\.name) == ["alpha", "Beta", "zeta"])
    #expect(snapshot.nodes().map(\.id) == ["n1", "n10", "n2"])
    #expect(snapshot.shards().map(\.key) == keys.sorted())
    #expect(snapshot.shards(in: 1).map(\.key) == [keys[3], keys[1]])
    #expect(snapshot.shards(of: keys[0].table).map(\.key) == [keys[0]])
    #expect(snapshot.shards(in: 3).isEmpty)
    #expect(snapshot.shardCount == 4)
  }

  @Test("The summary counts what is there")
  func summary() throws {
    var machine = Machine()
    try machine.apply(
      .upsertNode("b", live: false), .upsertNode("a"),
      .upsertShard(ShardKey(database: 1, relation: 1, shard: 0), .leader("a")))
    let summary = machine.snapshot.summary()
    #expect(summary.totalNodes == 2)
    #expect(summary.liveNodes == 1)
    #expect(summary.totalShards == 1)
    #expect(summary.nodes.map(\.id) == ["a", "b"])
    #expect(summary.catalogVersion == 1)
    #expect(summary.placementEpoch == 1)
  }

  @Test("Tables and databases at the ends of their ranges do not leak into each other")
  func ranges() throws {
    var machine = Machine()
    let ends = [0, 1, UInt64.max - 1, UInt64.max]
    var keys: [ShardKey] = []
    for relation in ends {
      for shard in [0, UInt32.max] {
        for database in [0, UInt32.max] {
          keys.append(
            ShardKey(
              database: DatabaseID(database), relation: RelationID(relation),
              shard: ShardID(shard)))
        }
      }
    }
    for key in keys { try machine.apply(.upsertShard(key, .leader("n", of: key.shard))) }
    for key in keys {
      #expect(
        machine.snapshot.shards(of: key.table).map(\.key)
          == keys.filter { $0.table == key.table }.sorted())
      #expect(
        machine.snapshot.shards(in: key.database).map(\.key)
          == keys.filter { $0.database == key.database }.sorted())
    }
  }

  @Test("A held snapshot stays as it is while writes go on")
  func isolation() throws {
    var machine = Machine()
    var generator = CommandGenerator(seed: 7)
    var held: [(snapshot: ClusterSnapshot, bytes: [UInt8])] = []
    for step in 0..<2_000 {
      _ = machine.state.apply(CommandBatch(generator.next()), at: machine.snapshot.applied.next)
      if step % 100 == 0 { held.append((machine.snapshot, machine.snapshot.encoded())) }
    }
    for (snapshot, bytes) in held { #expect(snapshot.encoded() == bytes) }
  }
}
