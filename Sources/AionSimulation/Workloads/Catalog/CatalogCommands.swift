import AionCatalog
import AionModel

/// Commands and queries over so small a world that clients get in each other's way.
struct CatalogCommands {
  private let nodes: [NodeID] = ["a", "b", "c", "d", "e", "f"]
  private let names = ["ada", "bob", "carol", "dave"]
  /// The newest registration of each node that a client has seen.
  private var registrations: [NodeID: NodeRegistration] = [:]
  /// Padding that makes snapshots and logs grow.
  private let owner: String

  init(seed: UInt64) {
    var chance = SplitMix64(seed: seed)
    owner = String(repeating: "o", count: chance.number(in: 1...60))
  }

  func batch(at now: WallTime, _ chance: inout SplitMix64) -> CommandBatch {
    guard chance.below(5) == 0 else { return CommandBatch(command(at: now, &chance)) }
    // Roles are changed one at a time, so that each change is an operation of its own.
    let count = chance.number(in: 0...6)
    return CommandBatch(
      (0..<count).map { _ in
        chance.below(2) == 0 ? aboutNodes(&chance) : aboutShards(&chance)
      })
  }

  func query(_ chance: inout SplitMix64) -> CatalogQuery {
    switch chance.below(5) {
    case 0: .database(database(&chance))
    case 1: .role(chance.one(of: names))
    case 2: .node(chance.one(of: nodes))
    case 3: .shards(of: shard(&chance).table)
    default: .transaction(TxnID(UInt64(chance.below(30))))
    }
  }

  private func command(at now: WallTime, _ chance: inout SplitMix64) -> Command {
    switch chance.below(10) {
    case 0: aboutDatabases(at: now, &chance)
    case 1, 2: aboutRoles(&chance)
    case 3, 4: aboutNodes(&chance)
    case 5, 6, 7: aboutShards(&chance)
    default: aboutTransactions(&chance)
    }
  }

  private func aboutDatabases(at now: WallTime, _ chance: inout SplitMix64) -> Command {
    switch chance.below(5) {
    case 0: .dropDatabase(database(&chance))
    case 1: .renameDatabase(database(&chance), to: chance.one(of: names))
    case 2: .setDatabaseConnectionLimit(database(&chance), to: UInt32(chance.below(9)))
    default:
      .createDatabase(
        CreateDatabaseRequest(name: chance.one(of: names), owner: owner), createdAt: now)
    }
  }

  private func aboutRoles(_ chance: inout SplitMix64) -> Command {
    if chance.below(4) == 0 { return .dropRole(name: chance.one(of: names)) }
    return .upsertRole(
      ClusterRoleDescriptor(
        name: chance.one(of: names), canLogin: chance.below(2) == 0,
        connectionLimit: UInt32(chance.below(100))))
  }

  private func aboutNodes(_ chance: inout SplitMix64) -> Command {
    let node = chance.one(of: nodes)
    switch chance.below(9) {
    case 0: return .removeNode(node)
    case 1, 2, 3: return .markNode(node, live: chance.below(3) > 0)
    case 4, 5: return .upsertNode(NodeDescriptor(id: node, rpcEndpoint: "\(owner):1"))
    case 6, 7: return registration(of: node, &chance)
    default:
      return .expireNode(node, registration: registrations[node]?.epoch ?? PlacementEpoch(1))
    }
  }

  /// An agent begins, goes on, or goes on though another has begun since.
  private func registration(of node: NodeID, _ chance: inout SplitMix64) -> Command {
    guard let timeToLive = TimeToLive(milliseconds: UInt32(1 + chance.below(5_000))) else {
      preconditionFailure("from 1 up")
    }
    let known = registrations[node]
    let isRenewed = chance.below(2) == 0
    let agent = isRenewed && chance.below(3) > 0 ? known?.agent : nil
    return .registerNode(
      node, rpcEndpoint: "\(owner):2", agent: agent ?? AgentID(UInt64(1 + chance.below(3))),
      timeToLive: timeToLive, renewing: isRenewed ? known?.epoch : nil)
  }

  /// A client has seen a node.
  mutating func saw(_ node: NodeDescriptor) {
    guard let seen = node.registration,
      seen.epoch > registrations[node.id]?.epoch ?? .zero
    else { return }
    registrations[node.id] = seen
  }

  private func aboutShards(_ chance: inout SplitMix64) -> Command {
    let key = shard(&chance)
    switch chance.below(8) {
    case 0: return .removeShards(of: key.table)
    case 1, 2: return .transferLeadership(key, to: chance.one(of: nodes))
    case 3, 4: return .updatePlacement(key, to: placements(of: key, &chance))
    default:
      return .upsertShard(ShardDescriptor(key: key, placements: placements(of: key, &chance)))
    }
  }

  private func aboutTransactions(_ chance: inout SplitMix64) -> Command {
    let txn = TxnID(UInt64(chance.below(30)))
    switch chance.below(6) {
    case 0: return .beginTxn(.singleShard(shard(&chance)))
    case 1: return .allocateReadSnapshot([shard(&chance)])
    case 2:
      let participant = TxnParticipant(shard: shard(&chance), leader: nil)
      return .prepareTxn(txn, participants: [participant])
    case 3, 4: return .decideTxn(txn, chance.below(3) == 0 ? .abort : .commit)
    default: return .forgetTxn(txn)
    }
  }

  private func placements(
    of key: ShardKey, _ chance: inout SplitMix64
  ) -> [ShardPlacement] {
    let first = chance.below(nodes.count)
    return (0..<chance.number(in: 1...4)).map { place in
      let role: ReplicaRole = place == 0 ? .leader : chance.below(4) == 0 ? .learner : .follower
      return ShardPlacement(
        shard: key.shard, node: nodes[(first + place) % nodes.count], role: role)
    }
  }

  private func shard(_ chance: inout SplitMix64) -> ShardKey {
    ShardKey(
      database: .default, relation: RelationID(UInt64(chance.below(2))),
      shard: ShardID(UInt32(chance.below(4))))
  }

  private func database(_ chance: inout SplitMix64) -> DatabaseID {
    DatabaseID(UInt32(chance.below(6)))
  }
}
