import AionCatalog
import AionModel
import AionWire
import Testing

/// Prints what the hot paths cost; asserts nothing about time. Run it with
/// `swift test -c release --filter Measurement`.
@Suite("Measurement", .serialized)
struct MeasurementTests {
  #if DEBUG
    static let shards = 10_000
  #else
    static let shards = 1_000_000
  #endif

  @Test("What a large state costs")
  func costs() throws {
    let clock = ContinuousClock()
    func measure(_ name: String, _ count: Int, _ body: () throws -> Void) rethrows {
      let elapsed = try clock.measure(body)
      let nanoseconds =
        Double(elapsed.components.seconds) * 1e9 + Double(elapsed.components.attoseconds) / 1e9
      print("measured \(name): \(Int(nanoseconds / Double(count))) ns each, \(Int(nanoseconds / 1e6)) ms in all")
    }
    var state = ClusterState()
    var index = LogIndex.zero
    func key(_ number: Int) -> ShardKey {
      ShardKey(
        database: 1, relation: RelationID(UInt64(number / 8)), shard: ShardID(UInt32(number % 8)))
    }
    func placements(_ number: Int, rotated: Int) -> [ShardPlacement] {
      (0..<3).map { replica in
        let node = (number + replica) % 100
        return ShardPlacement(
          shard: ShardID(UInt32(number % 8)), node: nodes[node],
          role: replica == rotated ? .leader : .follower)
      }
    }
    let nodes = try (0..<100).map { try NodeID("node-\($0)") }
    for node in nodes {
      index = index.next
      state.apply(
        CommandBatch(.upsertNode(NodeDescriptor(id: node, rpcEndpoint: "host:1"))), at: index)
    }
    let creations = (0..<Self.shards).map { number in
      CommandBatch(.upsertShard(ShardDescriptor(key: key(number), placements: placements(number, rotated: 0))))
    }
    measure("apply upsertShard, new", creations.count) {
      for batch in creations {
        index = index.next
        state.apply(batch, at: index)
      }
    }
    var generator = SplitMix64(seed: 1)
    let updates = (0..<100_000).map { turn in
      let number = Int.random(in: 0..<Self.shards, using: &generator)
      return CommandBatch(.updatePlacement(key(number), to: placements(number, rotated: 1 + turn % 2)))
    }
    measure("apply updatePlacement, unshared", updates.count) {
      for batch in updates {
        index = index.next
        state.apply(batch, at: index)
      }
    }
    let again = updates.map { batch in
      guard case .updatePlacement(let key, let placements, _) = batch.commands[0] else { return batch }
      return CommandBatch(.updatePlacement(key, to: placements.map {
        var changed = $0
        changed.role = $0.role == .leader ? .leader : .learner
        return changed
      }))
    }
    let held = state.snapshot
    measure("apply updatePlacement, one snapshot held", again.count) {
      for batch in again {
        index = index.next
        state.apply(batch, at: index)
      }
    }
    var latest = state.snapshot
    measure("apply updatePlacement, snapshot before each", updates.count) {
      for batch in updates {
        index = index.next
        latest = state.snapshot
        state.apply(batch, at: index)
      }
    }
    _ = (held.digest, latest.digest)
    var bytes: [[UInt8]] = []
    measure("encode a batch of one updatePlacement", updates.count) {
      bytes = updates.map { $0.encoded() }
    }
    var names = NodeNames()
    try measure("decode it", bytes.count) {
      for batch in bytes { _ = try CommandBatch(decoding: batch, names: &names) }
    }
    let snapshot = state.snapshot
    var chunks: [[UInt8]] = []
    measure("encode the state, per shard", Self.shards) {
      var encoder = SnapshotEncoder(snapshot)
      var writer = WireWriter(reservingCapacity: 300_000)
      while encoder.fill(&writer, upTo: 256 * 1_024) { chunks.append(writer.take()) }
    }
    var decoder = SnapshotDecoder()
    try measure("decode the state, per shard", Self.shards) {
      for chunk in chunks { try decoder.read(chunk) }
    }
    var decoded = ClusterSnapshot()
    try measure("finish it, per shard", Self.shards) {
      decoded = try decoder.finish(appliedThrough: index)
    }
    #expect(decoded.digest == snapshot.digest)
    print("bytes per shard", chunks.reduce(0) { $0 + $1.count } / Self.shards)
    let lookups = (0..<100_000).map { _ in key(Int.random(in: 0..<Self.shards, using: &generator)) }
    try measure("leader of a shard by key", lookups.count) {
      for key in lookups { _ = try snapshot.leader(of: .key(key)) }
    }
    try measure("resolve a write", lookups.count) {
      for key in lookups { _ = try snapshot.resolveWriteShard(of: key.table, key: [1, 2, 3]) }
    }
    measure("take a snapshot", 1_000_000) {
      for _ in 0..<1_000_000 { latest = state.snapshot }
    }
    measure("digest", 100_000) {
      for _ in 0..<100_000 { _ = state.snapshot.digest }
    }
  }
}
