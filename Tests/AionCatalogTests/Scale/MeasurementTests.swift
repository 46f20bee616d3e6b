import AionCatalog
import AionModel
import AionWire
import Testing

/// Prints what the hot paths cost; asserts nothing about time. Run it with
/// `swift test -c release --filter Measurement`.
@Suite("Measurement", .serialized)
struct MeasurementTests {
  #if DEBUG
    static let shards = 1_000
    static let turns = 500
  #else
    static let shards = 1_000_000
    static let turns = 100_000
  #endif

  var state = ClusterState()
  let nodes: [NodeID]

  init() throws {
    nodes = try (0..<100).map { try NodeID("node-\($0)") }
    for node in nodes { apply(.upsertNode(NodeDescriptor(id: node, rpcEndpoint: "host:1"))) }
  }

  @Test("What applying, reading, encoding and decoding cost in a large state")
  mutating func costs() throws {
    fill()
    update()
    commandCoding()
    try reading()
    try stateCoding()
  }

  private mutating func fill() {
    let commands = (0..<Self.shards).map { number in
      Command.upsertShard(
        ShardDescriptor(key: key(number), placements: placements(number, leader: 0)))
    }
    measure("apply upsertShard, new", commands.count) {
      for command in commands { apply(command) }
    }
  }

  private mutating func update() {
    let updates = (1...4).map { leader in randomUpdates(leader: leader % 3) }
    measure("apply updatePlacement, unshared", Self.turns) {
      for command in updates[0] { apply(command) }
    }
    let held = state.snapshot
    measure("apply updatePlacement, one snapshot held", Self.turns) {
      for command in updates[1] { apply(command) }
    }
    var latest = held
    measure("apply updatePlacement, a new snapshot before each", Self.turns) {
      for command in updates[2] {
        latest = state.snapshot
        apply(command)
      }
    }
    #expect(latest.digest != held.digest)
    latest = ClusterSnapshot()
    let hot = [key(1), key(2)].map { key in
      (0..<2).map { leader in
        Command.updatePlacement(key, to: placements(Int(key.shard.rawValue), leader: leader))
      }
    }
    measure("apply updatePlacement, always the same shards", Self.turns) {
      for turn in 0..<Self.turns { apply(hot[turn % 2][turn / 2 % 2]) }
    }
    stamped()
    measure("take a snapshot", Self.turns) {
      for _ in 0..<Self.turns { latest = state.snapshot }
    }
    measure("digest", Self.turns) {
      for _ in 0..<Self.turns { _ = latest.digest }
    }
  }

  /// One write after the other, the same ones with a stamp, and each of those again.
  private mutating func stamped() {
    measure("apply markNode, without a stamp", Self.turns) {
      for turn in 0..<Self.turns { apply(.markNode(nodes[turn % 2], live: turn / 2 % 2 == 1)) }
    }
    apply(.openSession)
    let batches = (0..<Self.turns).map { turn in
      let sequence = SequenceNumber(UInt64(turn + 1))
      return CommandBatch(
        [.markNode(nodes[turn % 2], live: turn / 2 % 2 == 1)],
        stamp: SessionStamp(session: 1, sequence: sequence, answeredBelow: sequence))
    }
    measure("apply markNode, with a stamp", Self.turns) {
      for batch in batches { state.apply(batch, at: state.snapshot.applied.next) }
    }
    let last = batches[batches.count - 1]
    measure("apply a duplicate", Self.turns) {
      for _ in 0..<Self.turns { state.apply(last, at: state.snapshot.applied.next) }
    }
  }

  private func commandCoding() {
    let batch = CommandBatch(.updatePlacement(key(1), to: placements(1, leader: 0)))
    let bytes = batch.encoded()
    measure("encode a batch of one updatePlacement, \(bytes.count) bytes", Self.turns) {
      for _ in 0..<Self.turns { _ = batch.encoded() }
    }
    var names = NodeNames()
    measure("decode it", Self.turns) {
      for _ in 0..<Self.turns { _ = try? CommandBatch(decoding: bytes, names: &names) }
    }
  }

  private func reading() throws {
    let snapshot = state.snapshot
    var generator = SplitMix64(seed: 2)
    let keys = (0..<Self.turns).map { _ in
      key(Int.random(in: 0..<Self.shards, using: &generator))
    }
    try measure("leader of a random shard", Self.turns) {
      for key in keys { _ = try snapshot.leader(of: .key(key)) }
    }
    try measure("resolve a write to a random table", Self.turns) {
      for key in keys { _ = try snapshot.resolveWriteShard(of: key.table, key: [1, 2, 3]) }
    }
  }

  private func stateCoding() throws {
    let snapshot = state.snapshot
    var chunks: [[UInt8]] = []
    measure("encode the state, per shard", Self.shards) {
      var encoder = SnapshotEncoder(snapshot)
      var writer = WireWriter(reservingCapacity: 300_000)
      while encoder.fill(&writer, upTo: 256 * 1_024) { chunks.append(writer.take()) }
    }
    var decoder = SnapshotDecoder()
    var decoded = ClusterSnapshot()
    try measure("decode the state, per shard", Self.shards) {
      for chunk in chunks { try decoder.read(chunk) }
      decoded = try decoder.finish(appliedThrough: snapshot.applied)
    }
    #expect(decoded.digest == snapshot.digest)
    print("measured: \(chunks.reduce(0) { $0 + $1.count } / Self.shards) bytes per shard")
  }

  private mutating func apply(_ command: Command) {
    state.apply(CommandBatch(command), at: state.snapshot.applied.next)
  }

  private func randomUpdates(leader: Int) -> [Command] {
    var generator = SplitMix64(seed: UInt64(leader))
    return (0..<Self.turns).map { _ in
      let number = Int.random(in: 0..<Self.shards, using: &generator)
      return .updatePlacement(key(number), to: placements(number, leader: leader))
    }
  }

  /// Eight shards a table.
  private func key(_ number: Int) -> ShardKey {
    ShardKey(
      database: 1, relation: RelationID(UInt64(number / 8)), shard: ShardID(UInt32(number % 8)))
  }

  private func placements(_ number: Int, leader: Int) -> [ShardPlacement] {
    (0..<3).map { replica in
      ShardPlacement(
        shard: key(number).shard, node: nodes[(number + replica) % nodes.count],
        role: replica == leader ? .leader : .follower)
    }
  }

  private func measure(_ name: String, _ count: Int, _ body: () throws -> Void) rethrows {
    let elapsed = try ContinuousClock().measure(body).components
    let nanoseconds = Double(elapsed.seconds) * 1e9 + Double(elapsed.attoseconds) / 1e9
    let each = Int(nanoseconds / Double(count))
    print("measured: \(name): \(each) ns each, \(Int(nanoseconds / 1e6)) ms in all")
  }
}
