import AionCatalog
import AionModel
import AionWire
import Testing

@Suite("Commands as bytes")
struct CommandWireTests {
  @Test("Every command comes back as it was", arguments: SampleCommands.all)
  func roundTrip(command: Command) throws {
    var batch = CommandBatch([command, command], expecting: 0, placementEpoch: 7)
    #expect(try CommandBatch(decoding: batch.encoded()) == batch)
    batch.stamp = SessionStamp(session: 5, sequence: 300, answeredBelow: 299)
    #expect(try CommandBatch(decoding: batch.encoded()) == batch)
  }

  @Test("Random batches come back as they were", arguments: 0..<10 as Range<UInt64>)
  func randomRoundTrips(seed: UInt64) throws {
    var generator = CommandGenerator(seed: seed)
    var names = NodeNames()
    for _ in 0..<200 {
      let batch = generator.batch()
      let bytes = batch.encoded()
      #expect(try CommandBatch(decoding: bytes) == batch, "seed \(seed)")
      #expect(try CommandBatch(decoding: bytes, names: &names) == batch, "seed \(seed)")
    }
  }

  @Test("Fields of a later version inside a known command are passed over")
  func unknownFields() throws {
    var writer = WireWriter()
    writer.message(1) { command in
      command.alwaysVarint(500, 1)
      command.message(13) { mark in
        mark.alwaysString(1, "a")
        mark.bool(2, true)
        mark.alwaysString(90, "why")
      }
    }
    writer.alwaysString(99, "later")
    let batch = try CommandBatch(decoding: writer.bytes)
    #expect(batch == CommandBatch(.markNode("a", live: true)))
  }

  @Test("A command of a later version is an error: passing over it would split the replicas")
  func unknownCommand() {
    var writer = WireWriter()
    writer.message(1) { $0.message(99) { $0.alwaysVarint(1, 1) } }
    #expect(throws: WireError(.valueOutOfRange(field: 99), at: 2)) {
      try CommandBatch(decoding: writer.bytes)
    }
    #expect(throws: WireError(.missingField(1), at: 2)) {
      try CommandBatch(decoding: [0x0A, 0x00])
    }
  }

  @Test("Fields in another order mean the same")
  func otherOrder() throws {
    let key = ShardKey(database: 1, relation: 2, shard: 3)
    var writer = WireWriter()
    writer.message(1) { command in
      command.message(17) { update in
        update.message(4) {
          $0.alwaysVarint(2, 1)
          $0.alwaysString(1, "a")
        }
        update.alwaysVarint(3, 3)
        update.alwaysVarint(2, 2)
        update.alwaysVarint(1, 1)
      }
    }
    #expect(
      try CommandBatch(decoding: writer.bytes)
        == CommandBatch(.updatePlacement(key, to: [.leader("a", of: 3)])))
  }

  @Test("A node's name that is none, and a role that is none, are refused with their place")
  func invalidValues() {
    func refusal(_ body: (inout WireWriter) -> Void) -> WireError.Reason? {
      var writer = WireWriter()
      writer.message(1) { $0.message(15) { $0.message(4, body) } }
      do throws(WireError) {
        _ = try CommandBatch(decoding: writer.bytes)
        return nil
      } catch {
        return error.reason
      }
    }
    #expect(refusal { $0.alwaysVarint(2, 1) } == .missingField(1))
    #expect(refusal { $0.alwaysString(1, "a") } == .missingField(2))
    #expect(
      refusal {
        $0.alwaysString(1, " a")
        $0.alwaysVarint(2, 1)
      } == .valueOutOfRange(field: 1))
    for role in [0, 4, 257, UInt64.max] {
      #expect(
        refusal {
          $0.alwaysString(1, "a")
          $0.alwaysVarint(2, role)
        } == .valueOutOfRange(field: 2))
    }
  }

  @Test("A batch cut anywhere is an error or a shorter batch, never a trap")
  func truncated() {
    let bytes = CommandBatch(SampleCommands.all).encoded()
    for count in 0..<bytes.count { _ = try? CommandBatch(decoding: Array(bytes[..<count])) }
  }

  @Test("A batch with bytes changed is an error or another batch that comes back as it is")
  func mutated() throws {
    let bytes = CommandBatch(SampleCommands.all).encoded()
    var generator = SplitMix64(seed: 3)
    for turn in 0..<5_000 {
      var changed = bytes
      for _ in 0...turn % 3 {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        changed[place] = .random(in: 0...255, using: &generator)
      }
      guard let batch = try? CommandBatch(decoding: changed) else { continue }
      #expect(try CommandBatch(decoding: batch.encoded()) == batch, "turn \(turn)")
      var state = ClusterState()
      state.apply(batch, at: 1)
      _ = batch.description
    }
  }

  @Test("Names seen before are taken from the table, however many there are")
  func interning() throws {
    var names = NodeNames()
    for round in 0..<2 {
      for number in 0..<3_000 {
        let node = try NodeID("node-\(number)-of-a-cluster")
        let batch = CommandBatch(.removeNode(node))
        #expect(
          try CommandBatch(decoding: batch.encoded(), names: &names) == batch, "round \(round)")
      }
    }
  }
}
