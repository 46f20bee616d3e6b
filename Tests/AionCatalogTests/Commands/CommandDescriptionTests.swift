import AionCatalog
import AionModel
import Testing

@Suite("Commands in words")
struct CommandDescriptionTests {
  @Test("Each command says on one line what it does")
  func words() {
    #expect(
      SampleCommands.all.map(\.description) == [
        #"bootstrap the default database, owner "postgres""#,
        #"create database "sales", owner "app", encoding "UTF8", collate "C", ctype "C", "#
          + "created 2026-03-01T11:54:56.789Z",
        #"create database "größe \"x\"", owner "app", template "", encoding "LATIN1", "#
          + #"collate "de_DE", ctype "", tablespace 1664, connection limit 0, a template, "#
          + "no connections, created 1969-12-31T23:59:59.999Z",
        "drop database 1",
        #"rename database 2 to "archive""#,
        #"set owner of database 2 to "other""#,
        "set tablespace of database 2 to 1663",
        "set tablespace of database 2 to the default",
        "set connection limit of database 2 to 0",
        "set connection limit of database 2 to none",
        "allow connections to database 2",
        "forbid connections to database 0",
        "mark database 2 as a template",
        #"upsert role "ada", login, superuser, createdb, createrole"#,
        #"upsert role "bob", noinherit, connection limit 4294967295, "#
          + "valid until 1970-01-01T00:00:00.000Z, password <redacted>",
        #"drop role "ada""#,
        #"upsert node node-eu-1 at "eu-1:7000", live"#,
        #"upsert node übung at "", down"#,
        "mark node node-eu-1 live",
        "mark node node-eu-1 down",
        "remove node node-eu-1",
        #"upsert node a at "a:1", live, draining"#,
        "drain node a",
        "stop draining node a",
        #"register node a at "a:1", agent 0, time to live 9s"#,
        #"register node übung at "", agent 18446744073709551615, time to live 1500ms, "#
          + "renewing 0",
        "expire node a, registered at 300",
        #"upsert node a at "a:1", live"#,
        "upsert shard 1/16384/shard-7 on [a leader, b follower, c learner]",
        "upsert shard 1/16384/shard-7 on []",
        "remove the shards of table 1/16384",
        "place 1/16384/shard-7 on [b follower, a leader]",
        "place 1/16384/shard-300 on [a leader], expecting [b leader, a learner]",
        "place 1/16384/shard-300 on [], expecting []",
        "transfer leadership of 1/16384/shard-7 to b",
        "begin a transaction, local",
        "begin a transaction, on 1/16384/shard-7",
        "begin a transaction, reading 1/16384/shard-300, 1/16384/shard-7 at 12",
        "begin a transaction, writing 1/16384/shard-7, 1/16384/shard-300, coordinator a",
        "begin a transaction, writing , coordinator a",
        "allocate a read snapshot of 1/16384/shard-7, 1/16384/shard-300",
        "allocate a read snapshot of ",
        "prepare transaction 5 with 1/16384/shard-7 led by a, 1/16384/shard-300",
        "commit transaction 5",
        "abort transaction 5",
        "forget transaction 5",
        "open a session",
        "close session 12",
      ])
  }

  @Test("A long list is cut short")
  func longList() {
    let shards = (0..<20 as Range<UInt32>).map {
      ShardKey(database: 1, relation: 1, shard: ShardID($0))
    }
    let words = Command.allocateReadSnapshot(shards).description
    #expect(words.hasSuffix("1/1/shard-11, … (20 in all)"))
  }

  @Test("Control characters are escaped, so that a line stays a line")
  func controlCharacters() {
    #expect(Command.dropRole(name: "a\nb\u{1B}").description == #"drop role "a\nb\u{1B}""#)
  }

  @Test("A batch says what it expects and then what it does")
  func batch() {
    let commands: [Command] = [.forgetTxn(1), .removeNode("a")]
    #expect(CommandBatch(commands).description == "forget transaction 1; remove node a")
    #expect(
      CommandBatch(commands, expecting: 4, placementEpoch: 5).description
        == "if catalog version 4 and placement epoch 5: forget transaction 1; remove node a")
    let stamp = SessionStamp(session: 3, sequence: 9, answeredBelow: 8)
    #expect(
      CommandBatch(commands, expecting: 4, stamp: stamp).description
        == "session 3, write 9, answered below 8: if catalog version 4: forget transaction 1; "
        + "remove node a")
  }

  @Test("A password's hash is in no rendering of a command, a batch or what became of it")
  func redaction() throws {
    let role = ClusterRoleDescriptor(
      name: "bob", passwordHash: PasswordHash(SampleCommands.secret))
    let command = Command.upsertRole(role)
    var machine = Machine()
    let applied = try machine.apply(command)
    let change = Change(at: 1, batch: CommandBatch(command), outcome: .success(applied))
    var dumped = ""
    dump(command, to: &dumped)
    dump(change, to: &dumped)
    dump(machine.snapshot, to: &dumped)
    let renderings = [
      command.description, String(reflecting: command), CommandBatch(command).description,
      String(reflecting: CommandBatch(command)), "\(change)", String(reflecting: change),
      String(reflecting: machine.snapshot), "\(machine.snapshot.roles())", dumped,
    ]
    for rendering in renderings {
      #expect(!rendering.contains("SCRAM"), "\(rendering)")
      #expect(!rendering.contains("c3RvcmVk"), "\(rendering)")
    }
  }
}
