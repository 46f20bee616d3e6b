import AionCatalog
import AionModel
import Testing

@Suite("Reading a snapshot")
struct RoutingTests {
  var machine = Machine()
  let table = TableKey(database: 1, relation: 7)

  private func key(_ shard: ShardID) -> ShardKey { ShardKey(table: table, shard: shard) }

  init() throws {
    try machine.apply(
      .upsertNode("a"), .upsertNode("b"), .upsertNode("c"),
      .upsertShard(key(9), .leader("b", of: 9), .follower("c", of: 9), .follower("a", of: 9)),
      .upsertShard(key(2), .leader("a", of: 2), .follower("b", of: 2), .learner("c", of: 2)))
  }

  @Test("Reads of a table go to the leaders of its shards, in shard order")
  func resolveReads() throws {
    #expect(try machine.snapshot.resolveReadShards(of: table).map(\.node) == ["a", "b"])
    let unknown = TableKey(database: 1, relation: 8)
    #expect(try machine.snapshot.resolveReadShards(of: unknown).isEmpty)
  }

  /// FNV-1a-64 of the empty key, "a", "b" and "foobar": the vectors of the authors' reference code
  /// (draft-eastlake-fnv, appendix C).
  static let hashes: [(String, UInt64)] = [
    ("", 0xCBF2_9CE4_8422_2325), ("a", 0xAF63_DC4C_8601_EC8C), ("b", 0xAF63_DF4C_8601_F1A5),
    ("foobar", 0x8594_4171_F739_67E8),
  ]

  @Test("A key's hash never changes", arguments: hashes)
  func hash(key: String, hash: UInt64) {
    #expect(fnv1a([UInt8](key.utf8)) == hash)
  }

  @Test("A write goes to the shard of the key's hash, counted in shard order, for ever")
  func resolveWrites() throws {
    var machine = Machine()
    for number in 0..<10 as Range<UInt32> {
      let shard = ShardID(number * 3)
      try machine.apply(.upsertShard(key(shard), .leader("n", of: shard)))
    }
    let keys = ["", "a", "b", "foobar", "user:1", "user:2", "übung", "\u{0}\u{1}"]
    let shards = try keys.map {
      try machine.snapshot.resolveWriteShard(of: table, key: [UInt8]($0.utf8)).shard
    }
    #expect(shards == [21, 18, 27, 24, 21, 24, 24, 24])
  }

  @Test("A write to a table without shards is refused")
  func tableWithoutShards() {
    let unknown = TableKey(database: 1, relation: 8)
    #expect(throws: ClusterError.tableWithoutShards(unknown)) {
      try machine.snapshot.resolveWriteShard(of: unknown, key: [])
    }
  }

  @Test("A leader and its lease are found by key and by an unambiguous number")
  func leader() throws {
    let snapshot = machine.snapshot
    for reference in [.id(9), .key(key(9))] as [ShardReference] {
      #expect(try snapshot.leader(of: reference)?.node == "b")
      let lease = try #require(try snapshot.currentLease(of: reference))
      #expect(lease == EpochLease(shard: key(9), leader: "b", epoch: snapshot.placementEpoch))
    }
    for reference in [.id(8), .key(key(8))] as [ShardReference] {
      #expect(try snapshot.leader(of: reference) == nil)
      #expect(try snapshot.currentLease(of: reference) == nil)
    }
  }

  @Test("A number that shards of several tables have is ambiguous; the first tables are named")
  mutating func ambiguous() throws {
    var tables = [table]
    for relation in 8..<14 as Range<UInt64> {
      let other = ShardKey(database: 1, relation: RelationID(relation), shard: 9)
      try machine.apply(.upsertShard(other, .leader("a", of: 9)))
      tables.append(other.table)
    }
    let refusal = ClusterError.ambiguousShard(9, tables: Array(tables.prefix(4)), count: 7)
    let snapshot = machine.snapshot
    #expect(throws: refusal) { try snapshot.leader(of: .id(9)) }
    #expect(throws: refusal) { try snapshot.currentLease(of: .id(9)) }
    #expect(throws: refusal) { try snapshot.key(of: .id(9)) }
    #expect(try snapshot.leader(of: .id(2))?.node == "a")
    for table in tables.dropFirst() { try machine.apply(.removeShards(of: table)) }
    #expect(try machine.snapshot.leader(of: .id(9))?.node == "b")
  }

  @Test("Nothing is routed to a leader that is down")
  mutating func leaderDown() throws {
    try machine.apply(.markNode("b", live: false))
    try expectRefusals(.leaderDown(key(9), leader: "b"), of: 9)
  }

  @Test("Nothing is routed to a shard that has lost its quorum; learners do not count")
  mutating func quorumLost() throws {
    try machine.apply(.markNode("c", live: false), .markNode("a", live: false))
    try expectRefusals(.quorumLost(key(9), liveVoters: 1, voters: 3), of: 9)
    try machine.apply(.markNode("a", live: true))
    #expect(try machine.snapshot.leader(of: .id(9))?.node == "b")
    #expect(try machine.snapshot.leader(of: .id(2))?.node == "a")
    try machine.apply(.markNode("c", live: true), .markNode("b", live: false))
    #expect(throws: ClusterError.quorumLost(key(2), liveVoters: 1, voters: 2)) {
      try machine.snapshot.leader(of: .id(2))
    }
  }

  @Test("Reads of a table are refused for the first shard that cannot be read")
  mutating func resolveReadsRefused() throws {
    try machine.apply(.markNode("b", live: false))
    #expect(throws: ClusterError.quorumLost(key(2), liveVoters: 1, voters: 2)) {
      try machine.snapshot.resolveReadShards(of: table)
    }
    try machine.apply(.updatePlacement(key(2), to: [.leader("a", of: 2)]))
    #expect(throws: ClusterError.leaderDown(key(9), leader: "b")) {
      try machine.snapshot.resolveReadShards(of: table)
    }
  }

  private func expectRefusals(_ refusal: ClusterError, of shard: ShardID) throws {
    let snapshot = machine.snapshot
    #expect(throws: refusal) { try snapshot.leader(of: .id(shard)) }
    #expect(throws: refusal) { try snapshot.currentLease(of: .key(key(shard))) }
    // Of two shards, the key "b" falls on the second.
    #expect(throws: refusal) { try snapshot.resolveWriteShard(of: table, key: [0x62]) }
  }
}
