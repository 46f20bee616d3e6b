import AionCatalog
import AionModel

/// Each command at least once, with every field it can have.
enum SampleCommands {
  static let key = ShardKey(database: 1, relation: 16_384, shard: 7)
  static let other = ShardKey(database: 1, relation: 16_384, shard: 300)

  static let all: [Command] = databases + roles + nodes + shards + transactions + sessions

  static let databases: [Command] = [
    .bootstrapDefault(owner: "postgres"),
    .createDatabase(
      CreateDatabaseRequest(name: "sales", owner: "app"),
      createdAt: WallTime(nanosecondsSince1970: 1_772_366_096_789_000_000)),
    .createDatabase(
      CreateDatabaseRequest(
        name: "größe \"x\"", owner: "app", encoding: "LATIN1", collate: "de_DE", ctype: "",
        tablespace: .pgGlobal, connectionLimit: 0, isTemplate: true, allowsConnections: false,
        template: ""),
      createdAt: WallTime(nanosecondsSince1970: -1)),
    .dropDatabase(.default),
    .renameDatabase(2, to: "archive"),
    .setDatabaseOwner(2, to: "other"),
    .setDatabaseTablespace(2, to: .pgDefault),
    .setDatabaseTablespace(2, to: nil),
    .setDatabaseConnectionLimit(2, to: 0),
    .setDatabaseConnectionLimit(2, to: nil),
    .setDatabaseAllowsConnections(2, to: true),
    .setDatabaseAllowsConnections(0, to: false),
    .setDatabaseIsTemplate(2, to: true),
  ]

  static let roles: [Command] = [
    .upsertRole(.superuser(named: "ada")),
    .upsertRole(
      ClusterRoleDescriptor(
        name: "bob", inheritsPrivileges: false, connectionLimit: .max,
        validUntil: WallTime(nanosecondsSince1970: 0), passwordHash: PasswordHash(secret))),
    .dropRole(name: "ada"),
  ]

  static let secret = "SCRAM-SHA-256$4096:c2FsdA==$c3RvcmVk:c2VydmVy"

  static let nodes: [Command] = [
    .upsertNode(NodeDescriptor(id: "node-eu-1", rpcEndpoint: "eu-1:7000", isLive: true)),
    .upsertNode(NodeDescriptor(id: "übung", rpcEndpoint: "", isLive: false)),
    .markNode("node-eu-1", live: true),
    .markNode("node-eu-1", live: false),
    .removeNode("node-eu-1"),
    .upsertNode(NodeDescriptor(id: "a", rpcEndpoint: "a:1", isDraining: true)),
    .setNodeDraining("a", to: true),
    .setNodeDraining("a", to: false),
    .registerNode("a", rpcEndpoint: "a:1", agent: 0, timeToLive: .seconds(9)),
    .registerNode(
      "übung", rpcEndpoint: "", agent: .init(.max), timeToLive: .milliseconds(1_500), renewing: 0),
    .expireNode("a", registration: 300),
    .upsertNode(
      NodeDescriptor(
        id: "a", rpcEndpoint: "a:1",
        registration: NodeRegistration(epoch: 3, agent: 4, timeToLive: .seconds(5)))),
  ]

  static let shards: [Command] = [
    .upsertShard(
      ShardDescriptor(
        key: key,
        placements: [
          ShardPlacement(shard: 7, node: "a", role: .leader, leaseEpoch: 9),
          ShardPlacement(shard: 7, node: "b", role: .follower),
          ShardPlacement(shard: 8, node: "c", role: .learner),
        ])),
    .upsertShard(ShardDescriptor(key: key, placements: [])),
    .removeShards(of: key.table),
    .updatePlacement(key, to: [.follower("b", of: 7), .leader("a", of: 7)]),
    .updatePlacement(
      other, to: [.leader("a", of: 300)], expecting: [.leader("b", of: 300), .learner("a", of: 1)]),
    .updatePlacement(other, to: [], expecting: []),
    .transferLeadership(key, to: "b"),
  ]

  static let sessions: [Command] = [.openSession, .closeSession(12)]

  static let transactions: [Command] = [
    .beginTxn(.local),
    .beginTxn(.singleShard(key)),
    .beginTxn(.readOnlyMultiShard(snapshot: 12, shards: [other, key])),
    .beginTxn(.multiShardWrite(coordinator: "a", shards: [key, other])),
    .beginTxn(.multiShardWrite(coordinator: "a", shards: [])),
    .allocateReadSnapshot([key, other]),
    .allocateReadSnapshot([]),
    .prepareTxn(
      5,
      participants: [TxnParticipant(shard: key, leader: "a"), TxnParticipant(shard: other)]),
    .decideTxn(5, .commit),
    .decideTxn(5, .abort),
    .forgetTxn(5),
  ]
}
