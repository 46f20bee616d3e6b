import AionCatalog
import AionModel
import Testing

@Suite("Commands on databases")
struct DatabaseCommandTests {
  var machine = Machine()

  init() throws { try machine.apply(.bootstrapDefault(owner: "postgres")) }

  @Test("The default database is made once, with id 1, and found again afterwards")
  mutating func bootstrap() throws {
    let first = try #require(machine.snapshot.database(.default))
    #expect(first == DatabaseDescriptor.defaultBootstrap(owner: "postgres"))
    #expect(try machine.bumps(of: .bootstrapDefault(owner: "other")) == .nothing)
    #expect(
      try machine.apply(.bootstrapDefault(owner: "other")).outcomes == [.created(first)])
  }

  @Test("The default database is not made when its name is taken or its owner is no name")
  func bootstrapRefused() throws {
    var machine = Machine()
    #expect(
      machine.refusal(of: .bootstrapDefault(owner: "")) == .invalidName(.role, "", .empty))
    try machine.apply(.createDatabase("DEFAULT"))
    #expect(
      machine.refusal(of: .bootstrapDefault(owner: "x")) == .databaseExists(name: "DEFAULT"))
  }

  @Test("A new database has what was asked, and defaults for the rest")
  mutating func create() throws {
    let time = WallTime(nanosecondsSince1970: 1_772_366_096_000_000_000)
    let request = CreateDatabaseRequest(name: "sales", owner: "app")
    let applied = try machine.apply(.createDatabase(request, createdAt: time))
    let expected = DatabaseDescriptor(
      id: 2, name: "sales", owner: "app", encoding: "UTF8", collate: "C", ctype: "C",
      createdAt: time)
    #expect(applied.outcomes == [.created(expected)])
    #expect(machine.snapshot.database(2) == expected)
    #expect(machine.snapshot.database(named: "SALES") == expected)
    #expect(applied.catalogVersion.index == applied.index)

    var full = CreateDatabaseRequest(
      name: "archive", owner: "app", encoding: "LATIN1", collate: "de_DE", ctype: "de_DE.utf8",
      tablespace: 1700, connectionLimit: 0, isTemplate: true, allowsConnections: false,
      template: "Sales")
    #expect(try machine.bumps(of: .createDatabase(full, createdAt: time)) == [.catalog, .state])
    #expect(
      machine.snapshot.database(named: "archive")
        == DatabaseDescriptor(
          id: 3, name: "archive", owner: "app", encoding: "LATIN1", collate: "de_DE",
          ctype: "de_DE.utf8", tablespace: 1700, connectionLimit: 0, isTemplate: true,
          allowsConnections: false, createdAt: time))
    full.name = "more"
    full.template = "nowhere"
    #expect(
      machine.refusal(of: .createDatabase(full, createdAt: time))
        == .unknownDatabase(.name("nowhere")))
  }

  @Test("A name that is empty, over-long, has control characters or is taken is refused")
  mutating func createRefused() throws {
    let long = String(repeating: "x", count: 64)
    #expect(machine.refusal(of: .createDatabase("")) == .invalidName(.database, "", .empty))
    #expect(
      machine.refusal(of: .createDatabase(long))
        == .invalidName(.database, long, .tooLong(limit: 63)))
    try machine.apply(.createDatabase(String(repeating: "x", count: 63)))
    #expect(
      machine.refusal(of: .createDatabase("a\nb"))
        == .invalidName(.database, "a\nb", .controlCharacter))
    #expect(
      machine.refusal(of: .createDatabase("Default")) == .databaseExists(name: "default"))
  }

  @Test("An owner, encoding or collation that is no name is refused")
  mutating func createWithBadFields() {
    #expect(
      machine.refusal(of: .createDatabase("x", owner: "")) == .invalidName(.role, "", .empty))
    for (encoding, collate, ctype) in [("", "C", "C"), ("UTF8", "", "C"), ("UTF8", "C", "")] {
      let request = CreateDatabaseRequest(
        name: "x", owner: "app", encoding: encoding, collate: collate, ctype: ctype)
      #expect(
        machine.refusal(of: .createDatabase(request, createdAt: .epoch))
          == .invalidName(.locale, "", .empty))
    }
  }

  @Test("The name is checked before the template, and the template before the owner")
  mutating func orderOfChecks() {
    var request = CreateDatabaseRequest(name: "", owner: "", template: "nowhere")
    #expect(
      machine.refusal(of: .createDatabase(request, createdAt: .epoch))
        == .invalidName(.database, "", .empty))
    request.name = "default"
    #expect(
      machine.refusal(of: .createDatabase(request, createdAt: .epoch))
        == .databaseExists(name: "default"))
    request.name = "fresh"
    #expect(
      machine.refusal(of: .createDatabase(request, createdAt: .epoch))
        == .unknownDatabase(.name("nowhere")))
  }

  @Test("Ids are never given twice, not even after a drop")
  mutating func freshIDs() throws {
    try machine.apply(.createDatabase("a"))
    try machine.apply(.dropDatabase(2))
    try machine.apply(.createDatabase("a"))
    #expect(machine.snapshot.database(named: "a")?.id == 3)
  }

  @Test("A dropped database goes with all its shards, and with nothing else")
  mutating func drop() throws {
    try machine.apply(.createDatabase("a"), .createDatabase("b"))
    let own = ShardKey(database: 2, relation: 9, shard: 0)
    let other = ShardKey(database: 3, relation: 9, shard: 0)
    for key in [own, other] { try machine.apply(.upsertShard(key, .leader("n"))) }
    #expect(try machine.bumps(of: .dropDatabase(2)) == [.catalog, .placement, .state])
    #expect(machine.snapshot.database(2) == nil)
    #expect(machine.snapshot.database(named: "a") == nil)
    #expect(machine.snapshot.shard(own) == nil)
    #expect(machine.snapshot.shard(other) != nil)
    #expect(machine.snapshot.placementCount(on: "n") == 1)
    #expect(try machine.bumps(of: .dropDatabase(3)) == [.catalog, .placement, .state])
  }

  @Test(
    "Few shards of many go, many of few, and all: what stays is as if they had never been",
    arguments: [1, 60, 400, 900, 1_000])
  func dropMany(count: Int) throws {
    var machine = Machine()
    var other = Machine()
    try machine.apply(.createDatabase("a"), .createDatabase("b"))
    try other.apply(.createDatabase("a"), .createDatabase("b"))
    let commands = (0..<1_000).map { number in
      let shard = ShardID(UInt32(number / 10))
      let table = TableKey(
        database: number < count ? 2 : 3, relation: RelationID(UInt64(number % 10)))
      return Command.upsertShard(
        ShardKey(table: table, shard: shard), .leader(number % 2 == 0 ? "m" : "n", of: shard),
        .follower("o", of: shard))
    }
    try machine.apply(CommandBatch(commands))
    try other.apply(CommandBatch(Array(commands[count...])))
    let held = machine.snapshot
    let heldBytes = held.encoded()
    try machine.apply(.dropDatabase(2))
    try other.apply(.dropDatabase(2))
    #expect(Array(machine.snapshot.shards()) == Array(other.snapshot.shards()))
    for node in ["m", "n", "o"] as [NodeID] {
      #expect(
        machine.snapshot.placementCount(on: node) == other.snapshot.placementCount(on: node))
    }
    machine.snapshot.shardRecords.checkInvariants()
    machine.snapshot.shardPlaces.checkInvariants()
    #expect(machine.snapshot.shardPlaces.count == machine.snapshot.shardCount)
    var decoder = SnapshotDecoder()
    try decoder.read(machine.snapshot.encoded())
    let decoded = try decoder.finish(appliedThrough: machine.snapshot.applied)
    #expect(decoded.digest == machine.snapshot.digest)
    #expect(held.encoded() == heldBytes)
  }

  @Test("Dropping a database without shards moves no placement")
  mutating func dropWithoutShards() throws {
    try machine.apply(.createDatabase("a"))
    #expect(try machine.bumps(of: .dropDatabase(2)) == [.catalog, .state])
  }

  @Test("A database that is unknown, the default one and the cluster cannot be dropped")
  mutating func dropRefused() {
    #expect(machine.refusal(of: .dropDatabase(9)) == .unknownDatabase(.id(9)))
    #expect(machine.refusal(of: .dropDatabase(.default)) == .protectedDatabase(.default, .drop))
    #expect(machine.refusal(of: .dropDatabase(.cluster)) == .protectedDatabase(.cluster, .drop))
  }

  @Test("A database is renamed, to its own name in another case too")
  mutating func rename() throws {
    try machine.apply(.createDatabase("a"))
    #expect(try machine.bumps(of: .renameDatabase(2, to: "b")) == [.catalog, .state])
    #expect(machine.snapshot.database(named: "a") == nil)
    #expect(try machine.bumps(of: .renameDatabase(2, to: "B")) == [.catalog, .state])
    #expect(machine.snapshot.database(named: "b")?.name == "B")
    #expect(try machine.bumps(of: .renameDatabase(2, to: "B")) == .nothing)
  }

  @Test("A rename of an unknown or the default database, to a bad or a taken name, is refused")
  mutating func renameRefused() throws {
    try machine.apply(.createDatabase("a"))
    #expect(machine.refusal(of: .renameDatabase(9, to: "x")) == .unknownDatabase(.id(9)))
    #expect(
      machine.refusal(of: .renameDatabase(.default, to: "x"))
        == .protectedDatabase(.default, .rename))
    #expect(
      machine.refusal(of: .renameDatabase(.cluster, to: "x"))
        == .protectedDatabase(.cluster, .rename))
    #expect(
      machine.refusal(of: .renameDatabase(2, to: "")) == .invalidName(.database, "", .empty))
    #expect(
      machine.refusal(of: .renameDatabase(2, to: "DEFAULT")) == .databaseExists(name: "default"))
  }

  static let settings: [(Command, @Sendable (inout DatabaseDescriptor) -> Void)] = [
    (.setDatabaseOwner(2, to: "other"), { $0.owner = "other" }),
    (.setDatabaseTablespace(2, to: 1700), { $0.tablespace = 1700 }),
    (.setDatabaseConnectionLimit(2, to: 7), { $0.connectionLimit = 7 }),
    (.setDatabaseAllowsConnections(2, to: false), { $0.allowsConnections = false }),
    (.setDatabaseIsTemplate(2, to: true), { $0.isTemplate = true }),
  ]

  @Test("Each setting changes its field and nothing else; set again, it changes nothing")
  mutating func settingsOfDatabase() throws {
    try machine.apply(.createDatabase("a"))
    for (command, change) in Self.settings {
      var expected = try #require(machine.snapshot.database(2))
      change(&expected)
      #expect(try machine.bumps(of: command) == [.catalog, .state], "\(command)")
      #expect(machine.snapshot.database(2) == expected, "\(command)")
      #expect(try machine.bumps(of: command) == .nothing, "\(command)")
    }
    try machine.apply(.setDatabaseTablespace(2, to: nil), .setDatabaseConnectionLimit(2, to: nil))
    #expect(machine.snapshot.database(2)?.tablespace == nil)
    #expect(machine.snapshot.database(2)?.connectionLimit == nil)
  }

  @Test("Names that differ in bytes differ, even where Unicode holds them to be alike")
  mutating func canonicalEquivalence() throws {
    let composed = "caf\u{E9}"
    let decomposed = "cafe\u{301}"
    try machine.apply(.createDatabase(composed, owner: composed))
    #expect(try machine.bumps(of: .setDatabaseOwner(2, to: decomposed)) == [.catalog, .state])
    #expect(try machine.bumps(of: .renameDatabase(2, to: decomposed)) == [.catalog, .state])
    #expect(machine.snapshot.database(named: composed) == nil)
    try machine.apply(.createDatabase(composed))
    #expect(machine.snapshot.databases().count == 3)
  }

  @Test("A setting of an unknown database is refused")
  mutating func settingsRefused() {
    for (command, _) in Self.settings {
      #expect(machine.refusal(of: command) == .unknownDatabase(.id(2)), "\(command)")
    }
    #expect(
      machine.refusal(of: .setDatabaseOwner(.default, to: "")) == .invalidName(.role, "", .empty))
  }
}
