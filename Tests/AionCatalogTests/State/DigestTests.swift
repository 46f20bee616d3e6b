import AionCatalog
import AionModel
import AionWire
import Testing

@Suite("The digest of a state")
struct DigestTests {
  @Test(
    "It is equal exactly when the bytes are, at every step of random runs",
    arguments: 0..<6 as Range<UInt64>)
  func digestMeansBytes(seed: UInt64) {
    var generator = CommandGenerator(seed: seed)
    var machine = Machine()
    var seen: [StateDigest: [UInt8]] = [:]
    for step in 0..<600 {
      _ = machine.state.apply(generator.batch(), at: machine.snapshot.applied.next)
      let bytes = machine.snapshot.encoded()
      if let before = seen.updateValue(bytes, forKey: machine.snapshot.digest) {
        #expect(before == bytes, "seed \(seed), step \(step)")
      }
    }
    #expect(Set(seen.values).count == seen.count, "seed \(seed)")
  }

  @Test("It does not depend on the order in which equal records came")
  func orderOfInsertion() throws {
    let nodes = try (0..<50).map { try NodeID("n\($0)") }
    let keys = (0..<200 as Range<UInt32>).map {
      ShardKey(database: 1, relation: RelationID(UInt64($0 % 7)), shard: ShardID($0))
    }
    var states: [ClusterSnapshot] = []
    for seed in 0..<5 as Range<UInt64> {
      var generator = SplitMix64(seed: seed)
      var machine = Machine()
      var commands = nodes.map { Command.upsertNode($0) }
      commands += keys.map {
        .upsertShard($0, .leader(nodes[Int($0.shard.rawValue) % 50], of: $0.shard))
      }
      commands += ["ada", "bob", "carol"].map { .upsertRole(.superuser(named: $0)) }
      commands.shuffle(using: &generator)
      // In one batch, so that all are stamped with the same index.
      try machine.apply(CommandBatch(commands))
      states.append(machine.snapshot)
    }
    #expect(Set(states.map(\.digest)).count == 1)
    #expect(Set(states.map { $0.encoded() }).count == 1)
  }

  @Test("It is the sum of the hashes of the encoded records")
  func sumOfRecords() throws {
    var generator = CommandGenerator(seed: 3)
    var machine = Machine()
    for _ in 0..<500 {
      _ = machine.state.apply(generator.batch(), at: machine.snapshot.applied.next)
    }
    let bytes = machine.snapshot.encoded()
    let sum = try WireReader.reading(bytes) { reader throws(WireError) -> StateDigest in
      var sum = StateDigest.empty
      while let field = try reader.next() {
        try reader.skip(field)
        bytes[field.offset..<reader.offset].withUnsafeBytes { sum.add($0) }
      }
      return sum
    }
    #expect(sum == machine.snapshot.digest)
  }

  @Test("It prints as 32 hexadecimal digits, and that of the empty state is part of the format")
  func description() {
    #expect("\(StateDigest(rawValue: 0xAB))" == "000000000000000000000000000000ab")
    #expect("\(ClusterSnapshot().digest)" == "283e565dcfb53862f3b00013c9f6002f")
    #expect(ClusterSnapshot().encoded() == [0x0A, 0x02, 0x18, 0x01])
  }

  @Test(
    "Two instances fed alike hold the same bytes and give the same answers",
    arguments: 0..<4 as Range<UInt64>)
  func determinism(seed: UInt64) throws {
    var generator = CommandGenerator(seed: seed)
    var first = ClusterState()
    var second = ClusterState()
    for index in 1...800 as ClosedRange<UInt64> {
      let batch = generator.batch()
      let answer = first.apply(batch, at: LogIndex(index))
      // The second hears it through the wire.
      let heard = try CommandBatch(decoding: batch.encoded())
      #expect(second.apply(heard, at: LogIndex(index)) == answer, "seed \(seed), index \(index)")
      #expect(first.snapshot.digest == second.snapshot.digest, "seed \(seed), index \(index)")
    }
    #expect(first.snapshot.encoded() == second.snapshot.encoded(), "seed \(seed)")
  }
}
