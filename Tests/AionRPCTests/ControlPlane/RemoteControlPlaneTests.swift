import AionCatalog
import AionModel
import AionRPC
import Testing

@Suite("A control plane over loopback", .timeLimit(.minutes(2)))
struct RemoteControlPlaneTests {
  let orders = TableKey(database: 2, relation: 16_384)

  @Test(
    "A read that a replica cannot answer, since its disk has failed or is full, goes to another",
    arguments: [
      ClusterError.storageFailed(path: "/data", reason: "sync"), .diskFull(path: "/data"),
    ])
  func readsElsewhere(fault: ClusterError) async throws {
    let shared = SharedPlane()
    let endpoints = try await [shared.serve(1), shared.serve(2)]
    var configuration = RemoteConfiguration(
      addresses: endpoints.map(\.address), name: "test", seed: 1)
    // However busy this machine is, no replica is left because of that.
    configuration.attemptTimeout = .seconds(60)
    configuration.timeout = .seconds(60)
    let start = ContinuousClock.now
    // Time is over once both have said twice what is wrong with them, or so.
    let plane = RemoteControlPlane(configuration) {
      shared.toldDiskFaults < 4 ? start : start + .seconds(61)
    }
    _ = try await plane.createDatabase(CreateDatabaseRequest(name: "shop", owner: "anna"))
    shared.failDisk(of: 1, fault)
    #expect(try await plane.databases().map(\.name) == ["shop"])
    #expect((1..<4).contains(shared.toldDiskFaults), "it was asked, and another one then")
    // Where there is nobody else, it says what is wrong.
    shared.failDisk(of: 2, fault)
    await #expect(throws: fault) { try await plane.databases() }
    #expect(shared.toldDiskFaults == 4)
    await plane.close()
    for endpoint in endpoints { await endpoint.close() }
  }

  @Test("Every contract answers as the state does")
  func contracts() async throws {
    let shared = SharedPlane()
    let endpoint = try await shared.serve(1)
    let plane = RemoteControlPlane(to: endpoint)
    let shop = try await plane.createDatabase(CreateDatabaseRequest(name: "shop", owner: "anna"))
    try await plane.setConnectionLimit(of: shop.id, to: 5)
    try await plane.upsertRole(.superuser(named: "ada"))
    for node in ["a", "b"] as [NodeID] {
      try await plane.upsertNode(NodeDescriptor(id: node, rpcEndpoint: "\(node):1"))
    }
    for shard in [0, 1] as [ShardID] {
      try await plane.upsertShard(
        ShardDescriptor(
          key: ShardKey(table: orders, shard: shard),
          placements: [
            ShardPlacement(shard: shard, node: "a", role: .leader),
            ShardPlacement(shard: shard, node: "b", role: .follower),
          ]))
    }
    try await plane.transferLeadership(of: 1, to: "b")
    try await plane.updatePlacement(
      of: 0, to: [ShardPlacement(shard: 0, node: "b", role: .leader)])
    let snapshot = shared.snapshot
    #expect(try await plane.databases() == snapshot.databases())
    #expect(try await plane.database(shop.id)?.connectionLimit == 5)
    #expect(try await plane.database(named: "SHOP")?.id == shop.id)
    #expect(try await plane.database(99) == nil)
    #expect(try await plane.roles() == snapshot.roles())
    #expect(try await plane.role(named: "ada")?.isSuperuser == true)
    #expect(try await plane.catalogVersion == snapshot.catalogVersion)
    #expect(try await plane.placementEpoch == snapshot.placementEpoch)
    #expect(try await plane.shards(in: shop.id) == Array(snapshot.shards()))
    #expect(try await plane.shards(of: orders) == Array(snapshot.shards()))
    #expect(try await plane.nodes() == snapshot.nodes())
    #expect(try await plane.node("a") == snapshot.node("a"))
    #expect(try await plane.resolveReadShards(of: orders) == snapshot.resolveReadShards(of: orders))
    for key in UInt8(0)..<8 {
      #expect(
        try await plane.resolveWriteShard(of: orders, key: [key])
          == snapshot.resolveWriteShard(of: orders, key: [key]))
    }
    #expect(try await plane.leader(of: 1)?.node == "b")
    #expect(try await plane.currentLease(of: 1) == snapshot.currentLease(of: .id(1)))
    try await plane.markNode("a", live: false)
    #expect(try await plane.liveNodes().map(\.id) == ["b"])
    try await transactions(plane)
    #expect(try await plane.snapshot().digest == shared.snapshot.digest)
    await plane.close()
    #expect(shared.snapshot.sessions().isEmpty)
    await endpoint.close()
  }

  private func transactions(_ plane: RemoteControlPlane) async throws {
    let txn = try await plane.begin(.singleShard(ShardKey(table: orders, shard: 1)))
    #expect(try await plane.undecided().map(\.id) == [txn])
    let decidedAt = try await plane.decide(txn, .commit)
    #expect(try await plane.decide(txn, .commit) == decidedAt)
    #expect(try await plane.record(txn)?.status == .committed)
    try await plane.forget(txn)
    #expect(try await plane.record(txn) == nil)
    let scope = try await plane.allocateReadSnapshot([ShardKey(table: orders, shard: 1)])
    guard case .readOnlyMultiShard = scope else { return #expect(Bool(false), "\(scope)") }
  }

  @Test("Refusals come whole, and are not asked again")
  func refusals() async throws {
    let shared = SharedPlane()
    let endpoint = try await shared.serve(1)
    let plane = RemoteControlPlane(to: endpoint)
    await #expect(throws: ClusterError.unknownDatabase(.id(9))) { try await plane.dropDatabase(9) }
    await #expect(throws: ClusterError.unknownShard(.id(3))) {
      try await plane.transferLeadership(of: 3, to: "a")
    }
    await #expect(throws: ClusterError.tableWithoutShards(orders)) {
      try await plane.resolveWriteShard(of: orders, key: [])
    }
    // One to open the session, one for the only write that came so far.
    #expect(shared.proposals == 2)
    await endpoint.close()
  }

  @Test("It finds the leader by way of another replica, and again when it has changed")
  func redirects() async throws {
    let shared = SharedPlane()
    let endpoints = try await [shared.serve(1), shared.serve(2), shared.serve(3)]
    shared.lead(3)
    let plane = RemoteControlPlane(to: endpoints[0])
    #expect(try await plane.begin(.local) == 1)
    shared.lead(2)
    #expect(try await plane.begin(.local) == 2)
    #expect(try await plane.status().replica.replica == 2)
    try await plane.manage(.transferLeadership(to: 1))
    #expect(try await plane.begin(.local) == 3)
    #expect(Set(plane.addresses).isSuperset(of: endpoints.map(\.address)))
    for endpoint in endpoints { await endpoint.close() }
  }

  @Test("While nobody leads it waits, and goes on when somebody does")
  func elections() async throws {
    let shared = SharedPlane()
    let endpoints = try await [shared.serve(1), shared.serve(2)]
    shared.lead(nil)
    let plane = RemoteControlPlane(to: endpoints[0], endpoints[1])
    async let write = plane.begin(.local)
    async let version = plane.catalogVersion
    while endpoints[0].meters.requests.value + endpoints[1].meters.requests.value < 6 {
      await Task.yield()
    }
    shared.lead(2)
    #expect(try await write == 1)
    #expect(try await version == 0)
    for endpoint in endpoints { await endpoint.close() }
  }

  @Test("A write whose answer is lost with the leader happens once")
  func lostAnswers() async throws {
    let shared = SharedPlane()
    let endpoints = try await [shared.serve(1), shared.serve(2)]
    let plane = RemoteControlPlane(to: endpoints[0], endpoints[1])
    _ = try await plane.begin(.local)
    let first = endpoints[0]
    shared.next(
      .loseAnswer {
        shared.lead(2)
        Task { await first.close() }
        // Nobody is answered any more.
        await untilCancelled()
      })
    #expect(try await plane.begin(.local) == 2)
    #expect(shared.snapshot.transactions().count == 2)
    #expect(try await plane.begin(.local) == 3)
    await endpoints[1].close()
  }

  @Test("A replica that hangs is left for another after a while, and a write happens once")
  func hangingReplica() async throws {
    let shared = SharedPlane()
    let endpoints = try await [shared.serve(1), shared.serve(2)]
    let plane = RemoteControlPlane(to: endpoints[0], endpoints[1]) {
      $0.attemptTimeout = .milliseconds(50)
    }
    _ = try await plane.begin(.local)
    shared.next(
      .loseAnswer {
        shared.lead(2)
        await untilCancelled()
      })
    #expect(try await plane.begin(.local) == 2)
    #expect(shared.snapshot.transactions().count == 2)
    shared.hang(1)
    let reader = RemoteControlPlane(to: endpoints[0], endpoints[1]) {
      $0.attemptTimeout = .milliseconds(50)
    }
    #expect(try await reader.record(2) != nil)
    for endpoint in endpoints { await endpoint.close() }
  }

  @Test("It learns of new members, and goes on when all that it was given are gone")
  func discovery() async throws {
    let shared = SharedPlane()
    let given = try await shared.serve(1)
    let plane = RemoteControlPlane(to: given) { $0.discoveryInterval = .zero }
    #expect(try await plane.begin(.local) == 1)
    let (second, third) = try await (shared.serve(2), shared.serve(3))
    while !plane.addresses.contains(third.address) { _ = try await plane.catalogVersion }
    shared.remove(2)
    while plane.addresses.contains(second.address) { _ = try await plane.catalogVersion }
    shared.lead(3)
    shared.remove(1)
    await given.close()
    #expect(try await plane.begin(.local) == 2)
    // What was given stays. It asks beside its calls, so this one may be answered before.
    while plane.addresses != [third.address, given.address] { _ = try await plane.catalogVersion }
    for endpoint in [second, third] { await endpoint.close() }
  }

  @Test("A session that is gone is told, when the write may have been made")
  func expiredSession() async throws {
    let shared = SharedPlane()
    let endpoint = try await shared.serve(1)
    let plane = RemoteControlPlane(to: endpoint)
    _ = try await plane.begin(.local)
    shared.next(.forgetSession)
    #expect(try await plane.begin(.local) == 2)
    shared.next(.loseAnswer {}, .forgetSession)
    await #expect(throws: ClusterError.outcomeUnknown) { try await plane.begin(.local) }
    #expect(shared.snapshot.transactions().count == 3)
    await endpoint.close()
  }

  @Test("Many tasks write and read at a time")
  func concurrency() async throws {
    let shared = SharedPlane()
    let endpoint = try await shared.serve(1)
    let plane = RemoteControlPlane(to: endpoint)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<32 {
        group.addTask {
          for _ in 0..<10 {
            let txn = try await plane.begin(.local)
            #expect(try await plane.record(txn) != nil)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(shared.snapshot.transactions().count == 320)
    #expect(shared.snapshot.sessions().count == 1)
    await endpoint.close()
  }

  @Test("A call ends when its time is over, whatever it waits for")
  func deadlines() async throws {
    let shared = SharedPlane()
    let endpoint = try await shared.serve(1)
    let patient = RemoteControlPlane(to: endpoint)
    #expect(try await patient.begin(.local) == 1)
    let plane = patient.within(.milliseconds(100))
    shared.lead(nil)
    await #expect(throws: ClusterError.self) { try await plane.begin(.local) }
    #expect(shared.snapshot.transactions().count == 1)
    // An index that never comes.
    await #expect {
      try await plane.reading(.local(atLeast: 1_000)).databases()
    } throws: {
      guard case .unreachable = $0 as? ClusterError else { return false }
      return true
    }
    let address = endpoint.address
    await endpoint.close()
    var configuration = RemoteConfiguration(addresses: [address], name: "test", seed: 1)
    configuration.timeout = .milliseconds(100)
    await #expect {
      try await RemoteControlPlane(configuration).databases()
    } throws: {
      guard case .unreachable(let reason) = $0 as? ClusterError else { return false }
      return reason.contains("\(address)")
    }
    configuration.addresses = []
    await #expect(throws: ClusterError.unreachable(reason: "no address of a replica is known")) {
      try await RemoteControlPlane(configuration).databases()
    }
  }

  @Test("A cancelled caller stops waiting")
  func cancellation() async throws {
    let shared = SharedPlane()
    let endpoint = try await shared.serve(1)
    let plane = RemoteControlPlane(to: endpoint)
    let task = Task { try await plane.reading(.local(atLeast: 1_000)).databases() }
    while endpoint.meters.requests.value == 0 { await Task.yield() }
    task.cancel()
    await #expect(throws: ClusterError.cancelled) { try await task.value }
    await endpoint.close()
  }

  @Test("Who may only read is refused a write, and who may write is refused the members")
  func roles() async throws {
    let shared = SharedPlane()
    let endpoint = try await shared.serve(1) {
      $0.policy.anonymousRole = nil
      $0.policy.tokens = [
        AccessToken("r", role: .reader), AccessToken("w", role: .writer),
      ]
    }
    func isForbidden(_ error: any Error) -> Bool { (error as? ClusterError)?.sqlState == "42501" }
    let reader = RemoteControlPlane(to: endpoint, token: "r")
    #expect(try await reader.databases().isEmpty)
    await #expect { try await reader.begin(.local) } throws: { isForbidden($0) }
    let writer = RemoteControlPlane(to: endpoint, token: "w")
    #expect(try await writer.begin(.local) == 1)
    await #expect { try await writer.manage(.compact) } throws: { isForbidden($0) }
    #expect(endpoint.meters.forbiddenRequests.value == 2)
    await endpoint.close()
  }

  @Test("An answer longer than a frame comes by way of the whole state")
  func longAnswers() async throws {
    let shared = SharedPlane()
    let commands = (0..<10_000 as Range<UInt32>).map { number in
      Command.upsertShard(
        ShardDescriptor(
          key: ShardKey(table: orders, shard: ShardID(number)),
          placements: [
            ShardPlacement(
              shard: ShardID(number), node: "a-node-with-a-rather-long-name", role: .leader)
          ]))
    }
    shared.apply(CommandBatch(commands))
    let endpoint = try await shared.serve(1)
    let plane = RemoteControlPlane(to: endpoint) { $0.limits.frame = .kibibytes(300) }
    #expect(try await plane.shards(of: orders) == Array(shared.snapshot.shards()))
    await endpoint.close()
  }
}
