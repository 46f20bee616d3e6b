import AionCatalog
import AionModel
import StockTools
import Testing

@Suite("Protocol Buffers' own compiler agrees with the schema")
struct ProtocTests {
  @Test("It encodes every command, read back from its text, to the bytes that we write")
  func commands() throws {
    let batch = CommandBatch(
      SampleCommands.all, expecting: 0, placementEpoch: 9,
      stamp: SessionStamp(session: 5, sequence: 300, answeredBelow: 299))
    let text = try Protoc.decode(batch.encoded(), as: "CommandBatch", in: "command")
    #expect(!text.contains(#/^ *[0-9]+[:{ ]/#.anchorsMatchLineEndings()), "a field without a name")
    #expect(try Protoc.encode(text, as: "CommandBatch", in: "command") == batch.encoded())
  }

  @Test("It encodes a state, read back from its text, to the canonical bytes")
  func snapshots() throws {
    var generator = CommandGenerator(seed: 5)
    var state = ClusterState()
    for index in 1...600 as ClosedRange<UInt64> {
      state.apply(generator.batch(), at: LogIndex(index))
    }
    let bytes = state.snapshot.encoded()
    let text = try Protoc.decode(bytes, as: "SnapshotFile", in: "snapshot")
    for field in [
      "counters", "databases", "roles", "nodes", "shards", "txns", "sessions", "session_replies",
    ] {
      #expect(text.contains("\(field) {"))
    }
    #expect(!text.contains(#/^ *[0-9]+[:{ ]/#.anchorsMatchLineEndings()), "a field without a name")
    #expect(try Protoc.encode(text, as: "SnapshotFile", in: "snapshot") == bytes)
  }

  @Test("We read what it encodes, fields that we would have left out included")
  func foreignBytes() throws {
    let text = """
      commands { update_placement {
        placements { node: "a" role: LEADER lease_epoch: 4 }
        placements { role: LEARNER node: "b" shard: 3 }
        database: 1 relation: 2 shard: 3
        expected { }
      } }
      commands { create_database { name: "x" owner: "o" allows_connections: true template: "" } }
      expected_catalog_version: 0
      """
    let bytes = try Protoc.encode(text, as: "CommandBatch", in: "command")
    let request = CreateDatabaseRequest(
      name: "x", owner: "o", encoding: "", collate: "", ctype: "", template: "")
    let expected = CommandBatch(
      [
        .updatePlacement(
          ShardKey(database: 1, relation: 2, shard: 3),
          to: [
            ShardPlacement(shard: 3, node: "a", role: .leader, leaseEpoch: 4),
            .learner("b", of: 3),
          ], expecting: []),
        .createDatabase(request, createdAt: .epoch),
      ], expecting: 0)
    #expect(try CommandBatch(decoding: bytes) == expected)
  }
}
