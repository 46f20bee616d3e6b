import AionCatalog
import AionModel
import AionWire
import Testing

@Suite("Snapshots as bytes")
struct SnapshotCodingTests {
  @Test("A random state comes back whole and goes on alike", arguments: 0..<8 as Range<UInt64>)
  func roundTrip(seed: UInt64) throws {
    var generator = CommandGenerator(seed: seed)
    var state = ClusterState()
    for index in 1...700 as ClosedRange<UInt64> {
      state.apply(generator.batch(), at: LogIndex(index))
    }
    let original = state.snapshot
    var restored = ClusterState(try decode(original.encoded(), at: original.applied))
    expectEqual(restored.snapshot, original, "seed \(seed)")
    // What is derived from the records was rebuilt too, or the two would part.
    for index in 701...1_200 as ClosedRange<UInt64> {
      let batch = generator.batch()
      let answer = state.apply(batch, at: LogIndex(index))
      #expect(restored.apply(batch, at: LogIndex(index)) == answer, "seed \(seed), \(index)")
    }
    expectEqual(restored.snapshot, state.snapshot, "seed \(seed)")
  }

  private func expectEqual(_ left: ClusterSnapshot, _ right: ClusterSnapshot, _ context: String) {
    #expect(left.digest == right.digest, "\(context)")
    #expect(left.encoded() == right.encoded(), "\(context)")
    #expect(left.applied == right.applied, "\(context)")
    #expect(left.undecided() == right.undecided(), "\(context)")
    #expect(left.sessions() == right.sessions(), "\(context)")
    for node in right.nodes() {
      #expect(
        left.placementCount(on: node.id) == right.placementCount(on: node.id), "\(context)")
    }
    #expect(
      left.replicaCounts().elementsEqual(right.replicaCounts()) { $0 == $1 }, "\(context)")
    for shard in right.shards() {
      let reference = ShardReference.id(shard.key.shard)
      #expect(
        Result { try left.key(of: reference) }.mapError { "\($0)" as Text }
          == Result { try right.key(of: reference) }.mapError { "\($0)" as Text }, "\(context)")
    }
  }

  @Test("Chunks of any size are whole records, and together the same bytes")
  func chunks() throws {
    let snapshot = try smallState()
    let whole = snapshot.encoded()
    for limit in [1, 7, 64, 300, 5_000, 1 << 20] {
      var encoder = SnapshotEncoder(snapshot)
      var decoder = SnapshotDecoder()
      var writer = WireWriter()
      var all: [UInt8] = []
      while encoder.fill(&writer, upTo: limit) {
        #expect(writer.count < limit + 1_000)
        let chunk = writer.take()
        try decoder.read(chunk)
        all += chunk
      }
      #expect(all == whole)
      let decoded = try decoder.finish(appliedThrough: 1)
      #expect(decoded.digest == snapshot.digest)
      let isDone = !encoder.fill(&writer, upTo: limit)
      #expect(isDone)
    }
  }

  @Test("Fields of a later version are passed over, and do not reach the digest")
  func unknownFields() throws {
    let snapshot = try smallState()
    var writer = WireWriter()
    writer.alwaysString(77, "from the future")
    writer.raw(snapshot.encoded())
    writer.message(78) { $0.alwaysVarint(1, 2) }
    #expect(try decode(writer.bytes, at: 1).digest == snapshot.digest)
  }

  @Test("A snapshot cut anywhere is an error or a shorter snapshot, never a trap")
  func truncated() throws {
    let bytes = try smallState().encoded()
    for count in 0..<bytes.count {
      let result = Result { try decode(Array(bytes[..<count]), at: 1) }
      if case .success(let snapshot) = result { #expect(snapshot.encoded().count <= count) }
    }
  }

  @Test("A snapshot with a byte changed is an error or another snapshot, never a trap")
  func mutated() throws {
    let bytes = try smallState().encoded()
    var generator = SplitMix64(seed: 11)
    for _ in 0..<3_000 {
      var changed = bytes
      for _ in 0...Int.random(in: 0..<3, using: &generator) {
        changed[Int.random(in: 0..<bytes.count, using: &generator)] = .random(
          in: 0...255, using: &generator)
      }
      guard let snapshot = try? decode(changed, at: 1) else { continue }
      _ = (snapshot.digest, snapshot.encoded(), snapshot.summary())
      for shard in snapshot.shards() { _ = try? snapshot.leader(of: .key(shard.key)) }
    }
  }

  @Test("Records out of order or twice, and names taken twice, are refused")
  func impossibleStates() throws {
    let database = DatabaseDescriptor(id: 2, name: "a", owner: "o")
    let renamed = DatabaseDescriptor(id: 3, name: "A", owner: "o")
    let key = ShardKey(database: 1, relation: 1, shard: 0)
    let shard = ShardDescriptor(key: key, placements: [.leader("a")])
    let leaderless = ShardDescriptor(key: key, placements: [.follower("a")])
    let node = NodeDescriptor(id: "a", rpcEndpoint: "x")
    let txn = TxnRecord(id: 1, scope: .local)
    #expect(refusal([database, database]) == .valueOutOfRange(field: 2))
    #expect(refusal([database, renamed]) == .valueOutOfRange(field: 2))
    #expect(
      refusal([ClusterRoleDescriptor(name: "b"), ClusterRoleDescriptor(name: "A")])
        == .valueOutOfRange(field: 3))
    #expect(refusal([node, node]) == .valueOutOfRange(field: 4))
    #expect(refusal([shard, shard]) == .valueOutOfRange(field: 5))
    #expect(refusal([leaderless]) == .valueOutOfRange(field: 5))
    #expect(refusal([txn, txn]) == .valueOutOfRange(field: 6))
    #expect(refusal([database, shard, txn]) == nil)
  }

  @Test("Sessions and outcomes that could not be are refused")
  func impossibleSessions() {
    let session = SessionRecord(id: 3, lastUsed: 1, answeredBelow: 5)
    let outcome = BatchOutcome.failure(.closed)
    let replies = [4, 5, 5 + UInt64(Limits.unansweredPerSession)].map {
      SessionReply(outcome, key: SessionReplyKey(session: 3, sequence: SequenceNumber($0)))
    }
    let stranger = SessionReply(outcome, key: SessionReplyKey(session: 2, sequence: 5))
    var unreadable = replies[1]
    unreadable.encoded = [0x80]
    #expect(refusal([session, replies[1]]) == nil)
    #expect(refusal([session, session]) == .valueOutOfRange(field: 7))
    #expect(refusal([SessionRecord(id: 3, lastUsed: 1, answeredBelow: 0)]) == .missingField(3))
    for reply in [replies[0], replies[2], stranger] {
      #expect(refusal([session, reply]) == .valueOutOfRange(field: 8))
    }
    #expect(refusal([session, replies[1], replies[1]]) == .valueOutOfRange(field: 8))
    #expect(refusal([session, unreadable]) == .truncated)
    #expect(refusal([SessionRecord(id: 11, lastUsed: 1)]) == .valueOutOfRange(field: 1))
  }

  @Test("Counters that are missing, or would give an id again, are refused")
  func counters() {
    #expect(refusal([], counters: nil) == .missingField(1))
    let database = DatabaseDescriptor(id: 9, name: "a", owner: "o")
    let txn = TxnRecord(id: 9, scope: .local)
    #expect(refusal([database], counters: (8, 9)) == .valueOutOfRange(field: 1))
    #expect(refusal([txn], counters: (9, 8)) == .valueOutOfRange(field: 1))
    #expect(refusal([txn], counters: (9, .max)) == .valueOutOfRange(field: 1))
    #expect(refusal([database, txn], counters: (9, 9)) == nil)
  }

  private func refusal(
    _ records: [any StateRecord], counters: (database: UInt32, txn: UInt64)? = (10, 10)
  ) -> WireError.Reason? {
    var writer = WireWriter()
    if let counters {
      writer.message(1) {
        $0.varint(3, counters.database)
        $0.varint(4, counters.txn)
        $0.varint(5, 10 as UInt64)
      }
    }
    for record in records { record.encodeField(into: &writer) }
    do throws(WireError) {
      _ = try decode(writer.bytes, at: 1)
      return nil
    } catch {
      return error.reason
    }
  }

  private func smallState() throws -> ClusterSnapshot {
    var generator = CommandGenerator(seed: 5)
    var state = ClusterState()
    for index in 1...300 as ClosedRange<UInt64> {
      state.apply(generator.batch(), at: LogIndex(index))
    }
    return state.snapshot
  }

  private func decode(
    _ bytes: [UInt8], at index: LogIndex
  ) throws(WireError) -> ClusterSnapshot {
    var decoder = SnapshotDecoder()
    try decoder.read(bytes)
    return try decoder.finish(appliedThrough: index)
  }
}

/// An error's words, to compare by.
private struct Text: Error, Equatable, ExpressibleByStringLiteral, ExpressibleByStringInterpolation
{
  let words: String

  init(stringLiteral words: String) { self.words = words }
}
