import AionCatalog
import AionModel

/// Commands over a small world, most of them sensible, some of them to be refused.
struct CommandGenerator {
  private var generator: SplitMix64

  init(seed: UInt64) { generator = SplitMix64(seed: seed) }

  mutating func batch() -> CommandBatch {
    batches += 1
    let count = chance(of: 4) ? Int.random(in: 0...5, using: &generator) : 1
    var batch = CommandBatch((0..<count).map { _ in next() })
    if chance(of: 10) { batch.expectedCatalogVersion = CatalogVersion(UInt64(small(5))) }
    if chance(of: 10) { batch.expectedPlacementEpoch = PlacementEpoch(UInt64(small(5))) }
    if chance(of: 3) { batch.stamp = stamp() }
    return batch
  }

  /// Of few sessions, with sequences that move on slowly, so that duplicates and late ones are
  /// frequent; now and then one that no client would send.
  private mutating func stamp() -> SessionStamp {
    stamps += 1
    let base = stamps / 8
    let sequence =
      chance(of: 40) ? UInt64.max : chance(of: 20) ? base + 1_500 : base + UInt64(small(6))
    return SessionStamp(
      session: SessionID(UInt64(small(5))), sequence: SequenceNumber(sequence),
      answeredBelow: SequenceNumber(chance(of: 3) ? base + UInt64(small(3)) : base / 2))
  }

  private var stamps: UInt64 = 0
  private var batches: UInt64 = 0

  mutating func next() -> Command {
    switch small(10) {
    case 0 where chance(of: 4):
      chance(of: 3) ? .closeSession(SessionID(UInt64(small(5)))) : .openSession
    case 0: database()
    case 1: databaseSetting()
    case 2: role()
    case 3, 4: node()
    case 5, 6, 7: shard()
    default: transaction()
    }
  }

  private mutating func database() -> Command {
    switch small(5) {
    case 0: .bootstrapDefault(owner: name())
    case 1: .dropDatabase(databaseID())
    case 2: .renameDatabase(databaseID(), to: name())
    default:
      .createDatabase(
        CreateDatabaseRequest(
          name: name(), owner: name(), encoding: chance(of: 4) ? "LATIN1" : "UTF8",
          tablespace: chance(of: 3) ? .pgDefault : nil, connectionLimit: limit(),
          isTemplate: chance(of: 4), allowsConnections: !chance(of: 4),
          template: chance(of: 8) ? name() : nil),
        createdAt: WallTime(nanosecondsSince1970: Int64(small(1_000)) - 500))
    }
  }

  private mutating func databaseSetting() -> Command {
    switch small(5) {
    case 0: .setDatabaseOwner(databaseID(), to: name())
    case 1: .setDatabaseTablespace(databaseID(), to: chance(of: 2) ? nil : .pgGlobal)
    case 2: .setDatabaseConnectionLimit(databaseID(), to: limit())
    case 3: .setDatabaseAllowsConnections(databaseID(), to: chance(of: 2))
    default: .setDatabaseIsTemplate(databaseID(), to: chance(of: 2))
    }
  }

  private mutating func role() -> Command {
    if chance(of: 4) { return .dropRole(name: name()) }
    return .upsertRole(
      ClusterRoleDescriptor(
        name: name(), canLogin: chance(of: 2), isSuperuser: chance(of: 4),
        inheritsPrivileges: chance(of: 2), connectionLimit: limit(),
        validUntil: chance(of: 3) ? WallTime(nanosecondsSince1970: -1) : nil,
        passwordHash: chance(of: 2) ? PasswordHash("md5\(small(3))") : nil))
  }

  private mutating func node() -> Command {
    switch small(9) {
    case 0: .removeNode(nodeID())
    case 6, 7: registration()
    case 8: .expireNode(nodeID(), registration: epoch())
    case 5: .setNodeDraining(nodeID(), to: !chance(of: 3))
    case 1, 2: .markNode(nodeID(), live: !chance(of: 3))
    default:
      .upsertNode(
        NodeDescriptor(
          id: nodeID(), rpcEndpoint: chance(of: 10) ? "" : "host:\(small(3))",
          isLive: !chance(of: 4), isDraining: chance(of: 4)))
    }
  }

  private mutating func registration() -> Command {
    .registerNode(
      nodeID(), rpcEndpoint: chance(of: 10) ? "" : "host:\(small(3))",
      agent: AgentID(UInt64(small(2))), timeToLive: .seconds(UInt32(small(3)) + 1),
      renewing: chance(of: 2) ? epoch() : nil)
  }

  /// Of the last few batches, so that it is now and then the one that counts.
  private mutating func epoch() -> PlacementEpoch {
    PlacementEpoch(batches - min(batches, UInt64(small(12))))
  }

  private mutating func shard() -> Command {
    let key = shardKey()
    switch small(8) {
    case 0:
      return chance(of: 3) ? .removeShards(of: key.table) : .transferLeadership(key, to: nodeID())
    case 1, 2, 3: return .upsertShard(ShardDescriptor(key: key, placements: placements(of: key)))
    case 4, 5:
      return .updatePlacement(
        key, to: placements(of: key), expecting: chance(of: 4) ? placements(of: key) : nil)
    default: return .transferLeadership(key, to: nodeID())
    }
  }

  private mutating func transaction() -> Command {
    let txn = TxnID(UInt64(small(30)))
    switch small(7) {
    case 0, 1: return .beginTxn(scope())
    case 2: return .allocateReadSnapshot(shardKeys())
    case 3:
      return .prepareTxn(
        txn,
        participants: shardKeys().map {
          TxnParticipant(shard: $0, leader: chance(of: 3) ? nodeID() : nil)
        })
    case 4, 5: return .decideTxn(txn, chance(of: 3) ? .abort : .commit)
    default: return .forgetTxn(txn)
    }
  }

  private mutating func scope() -> TxnScope {
    switch small(4) {
    case 0: .local
    case 1: .singleShard(shardKey())
    case 2: .readOnlyMultiShard(snapshot: SnapshotTimestamp(UInt64(small(9))), shards: shardKeys())
    default: .multiShardWrite(coordinator: nodeID(), shards: shardKeys())
    }
  }

  private mutating func placements(of key: ShardKey) -> [ShardPlacement] {
    let nodes = Self.nodes.shuffled(using: &generator).prefix(small(4) + (chance(of: 20) ? 0 : 1))
    var placements = nodes.enumerated().map { place, node in
      ShardPlacement(
        shard: key.shard, node: node,
        role: place == 0 ? .leader : chance(of: 4) ? .learner : .follower,
        leaseEpoch: PlacementEpoch(UInt64(small(3))))
    }
    if chance(of: 20), !placements.isEmpty { placements.append(placements[0]) }
    if chance(of: 20), !placements.isEmpty { placements[0].role = .follower }
    if chance(of: 20), !placements.isEmpty { placements[0].shard = 99 }
    return placements
  }

  private mutating func shardKeys() -> [ShardKey] {
    (0..<small(4)).map { _ in shardKey() }
  }

  private mutating func shardKey() -> ShardKey {
    ShardKey(
      database: DatabaseID(UInt32(small(4))), relation: RelationID(UInt64(small(3))),
      shard: ShardID(UInt32(small(4))))
  }

  private mutating func databaseID() -> DatabaseID { DatabaseID(UInt32(small(8))) }

  private mutating func limit() -> UInt32? { chance(of: 2) ? nil : UInt32(small(3)) }

  private mutating func nodeID() -> NodeID { Self.nodes[small(Self.nodes.count)] }

  private mutating func name() -> String { Self.names[small(Self.names.count)] }

  private mutating func small(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &generator) }

  private mutating func chance(of bound: Int) -> Bool { small(bound) == 0 }

  private static let nodes: [NodeID] = ["a", "b", "c", "d", "a-node-with-a-long-name", "übung"]
  private static let names = ["ada", "Ada", "bob", "default", "größe", "carol", "", "a\tb", "dave"]
}
