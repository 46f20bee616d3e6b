import AionCluster
import Testing

@Suite("A durable control plane")
struct DurablePlaneTests {
  @Test("Every contract's writes are there after it was closed and opened again")
  func reopens() async throws {
    let folder = try DataFolder()
    let plane = try await folder.open()
    try await plane.bootstrapDefault(owner: "ada")
    let shop = try await plane.createDatabase(CreateDatabaseRequest(name: "shop", owner: "ada"))
    try await plane.upsertRole(.superuser(named: "ada"))
    for node in ["a", "b", "c"] as [NodeID] {
      try await plane.upsertNode(NodeDescriptor(id: node, rpcEndpoint: "\(node):7432"))
    }
    let key = ShardKey(database: shop.id, relation: 16_384, shard: 7)
    try await plane.upsertShard(Self.shard(key, leader: "a"))
    let epoch = try await plane.transferLeadership(of: key, to: "b")
    let txn = try await plane.begin(.multiShardWrite(coordinator: "a", shards: [key]))
    try await plane.prepare(txn, participants: [TxnParticipant(shard: key)])
    let before = plane.snapshot()
    await plane.close()

    let again = try await folder.open()
    let after = again.snapshot()
    #expect(after.digest == before.digest)
    #expect(try await again.database(named: "SHOP")?.id == shop.id)
    #expect(try await again.leader(of: ShardID(7))?.node == "b")
    #expect(try await again.currentLease(of: key)?.epoch == epoch)
    #expect(try await again.undecided().map(\.id) == [txn])
    #expect(try await again.decide(txn, .commit).index > after.applied)
    await again.close()
  }

  private static func shard(_ key: ShardKey, leader: NodeID) -> ShardDescriptor {
    let nodes: [NodeID] = ["a", "b", "c"]
    return ShardDescriptor(
      key: key,
      placements: nodes.map {
        ShardPlacement(shard: key.shard, node: $0, role: $0 == leader ? .leader : .follower)
      })
  }

  @Test("A write returns the index where it happened, and the time is the proposer's")
  func indices() async throws {
    let folder = try DataFolder()
    let plane = try await folder.open()
    let before = plane.snapshot().applied
    let applied = try await plane.propose(
      CommandBatch(.upsertNode(NodeDescriptor(id: "a", rpcEndpoint: "a:1"))))
    #expect(applied.index == before.next)
    #expect(plane.snapshot().placementEpoch.index == applied.index)
    let database = try await plane.createDatabase(CreateDatabaseRequest(name: "d", owner: "o"))
    #expect(database.createdAt > .epoch)
    await plane.close()
  }

  @Test("A held snapshot stays as it is while writes go on")
  func snapshotIsolation() async throws {
    let folder = try DataFolder()
    let plane = try await folder.open()
    try await plane.upsertNode(NodeDescriptor(id: "a", rpcEndpoint: "a:1"))
    let held = plane.snapshot()
    for number in 0..<50 {
      try await plane.upsertNode(NodeDescriptor(id: "a", rpcEndpoint: "a:\(number + 2)"))
    }
    #expect(held.node("a")?.rpcEndpoint == "a:1")
    #expect(plane.snapshot().node("a")?.rpcEndpoint == "a:51")
    await plane.close()
  }

  @Test("Many tasks at once: each gets its own answer, and all is there after opening again")
  func concurrentWriters() async throws {
    let folder = try DataFolder()
    let plane = try await folder.open(.small)
    let indices = try await withThrowingTaskGroup(of: [LogIndex].self) { group in
      for task in 0..<32 {
        group.addTask {
          var indices: [LogIndex] = []
          for number in 1...20 {
            let role = ClusterRoleDescriptor(
              name: "task-\(task)", connectionLimit: UInt32(number))
            indices.append(try await plane.propose(CommandBatch(.upsertRole(role))).index)
          }
          return indices
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(indices.allSatisfy { $0 == $0.sorted() })
    #expect(Set(indices.joined()).count == 32 * 20)
    await plane.close()
    let again = try await folder.open(.small)
    let roles = again.snapshot().roles()
    #expect(roles.count == 32)
    #expect(roles.allSatisfy { $0.connectionLimit == 20 })
    await again.close()
  }

  @Test("A refused precondition changes nothing and says what is true now")
  func precondition() async throws {
    let folder = try DataFolder()
    let plane = try await folder.open()
    let stale = plane.snapshot().catalogVersion
    let current = try await plane.upsertRole(ClusterRoleDescriptor(name: "ada"))
    await #expect(
      throws: ClusterError.preconditionFailed(
        .catalogVersion(expected: stale, current: current))
    ) {
      try await plane.propose(
        CommandBatch(
          [.upsertRole(ClusterRoleDescriptor(name: "bob"))], expecting: stale))
    }
    #expect(plane.snapshot().role(named: "bob") == nil)
    await plane.close()
  }

  @Test("A batch over the limit is refused before it is queued")
  func oversized() async throws {
    let folder = try DataFolder()
    let plane = try await folder.open()
    let name = String(repeating: "x", count: Limits.nameLength.bytes)
    let role = ClusterRoleDescriptor(
      name: name,
      passwordHash: PasswordHash(
        String(repeating: "h", count: Limits.passwordHashLength.bytes)))
    let count = Limits.commandBatchLength.bytes / 1_000
    await #expect(throws: ClusterError.self) {
      try await plane.propose(CommandBatch(Array(repeating: .upsertRole(role), count: count)))
    }
    #expect(plane.snapshot().roles().isEmpty)
    await plane.close()
  }

  @Test("Status tells what is true of log, state and queue")
  func status() async throws {
    let folder = try DataFolder()
    let plane = try await folder.open()
    try await plane.upsertNode(NodeDescriptor(id: "a", rpcEndpoint: "a:1"))
    let status = plane.status()
    #expect(status.path == folder.path)
    #expect(status.health == .writable)
    #expect(status.appliedIndex == plane.snapshot().applied)
    #expect(status.committedIndex == status.lastIndex)
    #expect(status.placementEpoch == plane.snapshot().placementEpoch)
    #expect(status.term == 1)
    #expect(status.syncedBatches > 0)
    #expect(status.queuedWrites == 0)
    await plane.close()
  }
}
