import AionCatalog
import AionModel
import Testing

@Suite("The in-memory planes")
struct InMemoryPlaneTests {
  let log = InMemoryLog(clock: { WallTime(nanosecondsSince1970: 42) })
  let key = ShardKey(database: 1, relation: 7, shard: 3)

  @Test("A control plane answers every contract, with the version at which it is true")
  func controlPlane() async throws {
    let plane: any ControlPlane = InMemoryControlPlane(log: log)
    for node in ["a", "b", "c"] as [NodeID] {
      try await plane.upsertNode(NodeDescriptor(id: node, rpcEndpoint: "\(node):1"))
    }
    #expect(try await plane.placementEpoch == 3)
    let shard = ShardDescriptor(
      key: key, placements: [.leader("a", of: 3), .follower("b", of: 3), .follower("c", of: 3)])
    #expect(try await plane.upsertShard(shard) == 4)
    #expect(try await plane.transferLeadership(of: ShardID(3), to: "b") == 5)
    #expect(try await plane.transferLeadership(of: key, to: "b") == 5)
    #expect(try await plane.leader(of: ShardID(3))?.node == "b")
    #expect(
      try await plane.currentLease(of: key) == EpochLease(shard: key, leader: "b", epoch: 5))
    #expect(try await plane.resolveReadShards(of: key.table).map(\.node) == ["b"])
    #expect(try await plane.resolveWriteShard(of: key.table, key: [1]).node == "b")
    #expect(
      try await plane.updatePlacement(of: ShardID(3), to: [.leader("c", of: 3)]) == 7)
    #expect(try await plane.markNode("a", live: false) == 8)
    #expect(try await plane.removeNode("a") == 9)
    #expect(try await plane.node("a") == nil)
    #expect(try await plane.nodes().map(\.id) == ["b", "c"])
    #expect(try await plane.liveNodes().map(\.id) == ["b", "c"])
    #expect(try await plane.shards(in: 1).map(\.key) == [key])
    #expect(try await plane.shards(of: key.table).map(\.key) == [key])
    #expect(try await plane.catalogVersion == 4)
    #expect(try await plane.removeShards(of: key.table) == 10)
    #expect(try await plane.leader(of: key) == nil)
  }

  @Test("A shard named by its number must be there, and only once")
  func references() async throws {
    let plane = InMemoryControlPlane()
    await #expect(throws: ClusterError.unknownShard(.id(3))) {
      try await plane.transferLeadership(of: ShardID(3), to: "a")
    }
    await #expect(throws: ClusterError.unknownShard(.key(key))) {
      try await plane.updatePlacement(of: key, to: [.leader("a", of: 3)])
    }
    let other = ShardKey(database: 2, relation: 7, shard: 3)
    for key in [key, other] {
      try await plane.upsertShard(ShardDescriptor(key: key, placements: [.leader("a", of: 3)]))
    }
    let ambiguous = ClusterError.ambiguousShard(3, tables: [key.table, other.table], count: 2)
    await #expect(throws: ambiguous) {
      try await plane.updatePlacement(of: ShardID(3), to: [.leader("b", of: 3)])
    }
    await #expect(throws: ambiguous) { try await plane.leader(of: ShardID(3)) }
  }

  @Test("A catalog answers every contract and asks its clock for the time of a creation")
  func catalog() async throws {
    let catalog = InMemoryClusterCatalog(log: log)
    let bootstrapped = try await catalog.bootstrapDefault(owner: "postgres")
    #expect(try await catalog.bootstrapDefault(owner: "other") == bootstrapped)
    let created = try await catalog.createDatabase(CreateDatabaseRequest(name: "a", owner: "o"))
    #expect(created.id == 2)
    #expect(created.createdAt == WallTime(nanosecondsSince1970: 42))
    #expect(try await catalog.renameDatabase(2, to: "b") == 4)
    try await catalog.setOwner(of: 2, to: "p")
    try await catalog.setTablespace(of: 2, to: .pgGlobal)
    try await catalog.setConnectionLimit(of: 2, to: 5)
    try await catalog.setAllowsConnections(of: 2, to: false)
    #expect(try await catalog.setIsTemplate(of: 2, to: true) == 9)
    let changed = DatabaseDescriptor(
      id: 2, name: "b", owner: "p", tablespace: .pgGlobal, connectionLimit: 5, isTemplate: true,
      allowsConnections: false, createdAt: created.createdAt)
    #expect(try await catalog.database(2) == changed)
    #expect(try await catalog.database(named: "B") == changed)
    #expect(try await catalog.databases() == [bootstrapped, changed])
    #expect(try await catalog.upsertRole(.superuser(named: "ada")) == 10)
    #expect(try await catalog.role(named: "ADA") == .superuser(named: "ada"))
    #expect(try await catalog.roles().map(\.name) == ["ada"])
    #expect(try await catalog.dropRole(named: "ada") == 11)
    #expect(try await catalog.dropDatabase(2) == 12)
    await #expect(throws: ClusterError.unknownDatabase(.id(2))) {
      try await catalog.dropDatabase(2)
    }
  }

  @Test("A transaction coordinator answers every contract, on a log of its own too")
  func coordinator() async throws {
    let coordinator: any TxnCoordinator = InMemoryTxnCoordinator()
    #expect(
      try await coordinator.allocateReadSnapshot([key])
        == .readOnlyMultiShard(snapshot: 1, shards: [key]))
    let txn = try await coordinator.begin(.multiShardWrite(coordinator: "a", shards: [key]))
    #expect(txn == 1)
    #expect(try await coordinator.undecided().map(\.id) == [1])
    try await coordinator.prepare(txn, participants: [TxnParticipant(shard: key, leader: "a")])
    #expect(try await coordinator.decide(txn, .commit) == 4)
    #expect(try await coordinator.record(txn)?.status == .committed)
    await #expect(
      throws: ClusterError.alreadyDecided(txn, recorded: .commit, asked: .abort)
    ) { try await coordinator.abort(txn) }
    try await coordinator.forget(txn)
    #expect(try await coordinator.record(txn) == nil)
    #expect(try await coordinator.undecided().isEmpty)
  }

  @Test("Planes on one log share one state and one counter")
  func sharedLog() async throws {
    let plane = InMemoryControlPlane(log: log)
    let catalog = InMemoryClusterCatalog(log: log)
    let created = try await catalog.createDatabase(CreateDatabaseRequest(name: "a", owner: "o"))
    let key = ShardKey(database: created.id, relation: 1, shard: 0)
    try await plane.upsertShard(ShardDescriptor(key: key, placements: [.leader("a")]))
    try await catalog.dropDatabase(created.id)
    #expect(try await plane.leader(of: key) == nil)
    #expect(try await plane.catalogVersion == 3)
  }

  @Test("Writers and readers at once: every write takes one index and none is lost")
  func concurrency() async throws {
    let plane = InMemoryControlPlane(log: log)
    let nodes = try (0..<200).map { try NodeID("n\($0)") }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for node in nodes {
        group.addTask {
          try await plane.upsertNode(NodeDescriptor(id: node, rpcEndpoint: "x:1"))
          let seen = plane.log.snapshot()
          #expect(seen.node(node) != nil)
          #expect(seen.nodes().count >= 1)
        }
      }
      try await group.waitForAll()
    }
    #expect(try await plane.nodes().map(\.id) == nodes.sorted())
    #expect(log.snapshot().applied == 200)
  }
}
