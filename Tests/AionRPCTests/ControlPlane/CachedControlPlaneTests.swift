import AionCatalog
import AionModel
import AionRPC
import Synchronization
import Testing

@Suite("A control plane that is followed", .timeLimit(.minutes(2)))
struct CachedControlPlaneTests {
  private func node(_ number: Int) -> Command {
    .upsertNode(NodeDescriptor(id: "n", rpcEndpoint: "h:\(number)"))
  }

  @Test("What others write comes here, and what is written here can be read at once")
  func follows() async throws {
    let shared = SharedPlane()
    shared.apply(CommandBatch(node(0)))
    let endpoint = try await shared.serve(1)
    let plane = try await CachedControlPlane.start(RemoteControlPlane(to: endpoint))
    #expect(try await plane.nodes().count == 1)
    for number in 1...100 { shared.apply(CommandBatch(node(number))) }
    try await plane.waitFor(epoch: shared.snapshot.placementEpoch)
    #expect(plane.snapshot().digest == shared.snapshot.digest)
    for number in 0..<20 {
      let database = try await plane.createDatabase(
        CreateDatabaseRequest(name: "db\(number)", owner: "o"))
      #expect(try await plane.database(database.id) == database)
    }
    #expect(plane.snapshot().digest == shared.snapshot.digest)
    #expect(plane.activity.snapshots == 1 && plane.activity.divergences == 0)
    plane.close()
    await endpoint.close()
  }

  @Test("An entry that changes nothing can be waited for too, and so can all that was acknowledged")
  func waiting() async throws {
    let shared = SharedPlane()
    let endpoint = try await shared.serve(1)
    let plane = try await CachedControlPlane.start(RemoteControlPlane(to: endpoint))
    for _ in 0..<3 { shared.apply(CommandBatch(.dropRole(name: "x"))) }
    try await plane.waitFor(3)
    #expect(plane.applied == 3 && plane.activity.changes == 0)
    shared.apply(CommandBatch(node(1)))
    #expect(try await plane.synchronize() == 4)
    #expect(plane.snapshot().digest == shared.snapshot.digest)
    plane.close()
    await endpoint.close()
  }

  @Test("A lost connection is made good by the changes since, from whatever replica")
  func reconnects() async throws {
    let shared = SharedPlane()
    let endpoints = try await [shared.serve(1), shared.serve(2)]
    let plane = try await CachedControlPlane.start(
      RemoteControlPlane(to: endpoints[0], endpoints[1]))
    shared.apply(CommandBatch(node(1)))
    try await plane.waitFor(1)
    shared.lead(2)
    await endpoints[0].close()
    for number in 2...50 { shared.apply(CommandBatch(node(number))) }
    // What it has can be read all along.
    #expect(try await plane.nodes().count == 1)
    try await plane.waitFor(50)
    #expect(plane.snapshot().digest == shared.snapshot.digest)
    #expect(plane.activity.snapshots == 1 && plane.activity.interruptions > 0)
    plane.close()
    await endpoints[1].close()
  }

  @Test("When the changes since are gone it begins again from the whole state")
  func compacted() async throws {
    let shared = SharedPlane(historyLimit: 10)
    let first = try await shared.serve(1)
    let second = try await shared.serve(2)
    let plane = try await CachedControlPlane.start(RemoteControlPlane(to: first, second))
    // Both are away while more happens than is kept.
    let address = second.address
    await first.close()
    await second.close()
    for number in 1...100 { shared.apply(CommandBatch(node(number))) }
    let again = try await shared.serve(2) { $0.address = address }
    try await plane.waitFor(100)
    #expect(plane.snapshot().digest == shared.snapshot.digest)
    #expect(plane.activity.snapshots >= 2 && plane.activity.divergences == 0)
    plane.close()
    await again.close()
  }

  @Test("Stamped writes, their refusals and duplicates lead to the same state here")
  func sessions() async throws {
    let shared = SharedPlane()
    let endpoint = try await shared.serve(1)
    let plane = try await CachedControlPlane.start(RemoteControlPlane(to: endpoint))
    shared.next(.none, .loseAnswer {}, .loseAnswer {})
    _ = try await plane.begin(.local)
    await #expect(throws: ClusterError.notDecided(1)) { try await plane.forget(1) }
    _ = try await plane.begin(.local)
    try await plane.synchronize()
    #expect(plane.snapshot().digest == shared.snapshot.digest)
    #expect(plane.snapshot().transactions().count == 2)
    plane.close()
    await endpoint.close()
  }

  @Test("It hears of its replica though nothing happens, and says how long ago that was")
  func staleness() async throws {
    let shared = SharedPlane()
    let endpoint = try await shared.serve(1, heartbeat: .milliseconds(1))
    let remote = RemoteControlPlane(to: endpoint)
    let pages = Mutex(0)
    await #expect(throws: ClusterError.cancelled) {
      try await remote.follow(from: 1) { page in
        #expect(page.changes.isEmpty && page.through == 0)
        return pages.withLock { count in
          count += 1
          return count < 3
        }
      }
    }
    let plane = try await CachedControlPlane.start(remote)
    await endpoint.close()
    while plane.activity.interruptions == 0 { await Task.yield() }
    let before = plane.staleness
    #expect(plane.staleness > before)
    plane.close()
  }

  @Test("Waiting ends with the time, with the caller, and with the cache")
  func givingUp() async throws {
    let shared = SharedPlane()
    let endpoint = try await shared.serve(1)
    let plane = try await CachedControlPlane.start(RemoteControlPlane(to: endpoint))
    await #expect(
      throws: ClusterError.unreachable(reason: "index 9 did not come to the cache in time")
    ) { try await plane.waitFor(9, within: .milliseconds(20)) }
    let cancelled = Task { try await plane.waitFor(9) }
    cancelled.cancel()
    await #expect(throws: ClusterError.cancelled) { try await cancelled.value }
    let closed = Task { try await plane.waitFor(9) }
    plane.close()
    await #expect(throws: ClusterError.closed) { try await closed.value }
    await endpoint.close()
  }

  @Test("There is no cache without a first state")
  func unreachable() async throws {
    let shared = SharedPlane()
    let endpoint = try await shared.serve(1)
    let remote = RemoteControlPlane(to: endpoint) { $0.timeout = .milliseconds(100) }
    await endpoint.close()
    await #expect(throws: ClusterError.self) { try await CachedControlPlane.start(remote) }
  }
}
