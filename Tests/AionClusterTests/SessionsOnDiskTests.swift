import AionCatalog
import AionCluster
import AionModel
import Testing

@Suite("Sessions on disk, and what is told of entries")
struct SessionsOnDiskTests {
  @Test("A write is answered as it was before the plane was opened again, from log and snapshot")
  func restarts() async throws {
    let folder = try DataFolder()
    var plane = try await folder.open()
    let opened = try await plane.propose(.openSession)
    guard case .opened(let session) = opened.outcomes.first else {
      return #expect(Bool(false), "\(opened)")
    }
    var client = ClientSession(id: session)
    let done = CommandBatch([.beginTxn(.local)], stamp: client.stamp(try client.begin()))
    let refused = CommandBatch([.forgetTxn(1)], stamp: client.stamp(try client.begin()))
    let first = try await plane.propose(done)
    await #expect(throws: ClusterError.notDecided(1)) { try await plane.propose(refused) }
    for isCompacted in [false, true] {
      if isCompacted { try await plane.compact() }
      let digest = plane.snapshot().digest
      await plane.close()
      plane = try await folder.open()
      #expect(plane.snapshot().digest == digest)
      #expect(try await plane.propose(done) == first)
      await #expect(throws: ClusterError.notDecided(1)) { try await plane.propose(refused) }
      #expect(plane.snapshot().digest == digest)
    }
    await plane.close()
  }

  @Test("Writes through a session happen as any others, and survive")
  func proposer() async throws {
    let folder = try DataFolder()
    let plane = try await folder.open()
    let writes = SessionProposer(plane) { _ in false }
    for number in 0..<20 {
      _ = try await writes.createDatabase(
        CreateDatabaseRequest(name: "db\(number)", owner: "o"))
    }
    #expect(try await writes.databases().count == 20)
    #expect(plane.snapshot().sessions().count == 1)
    let digest = plane.snapshot().digest
    await plane.close()
    let again = try await folder.open()
    #expect(again.snapshot().digest == digest)
    await again.close()
  }

  @Test("A page tells of entries that changed nothing too, and of all there are")
  func pages() async throws {
    let folder = try DataFolder()
    let plane = try await folder.open()
    let start = plane.snapshot().applied.next
    let waiting = Task { try await plane.changePage(from: start) }
    let idle = try await plane.propose(.dropRole(name: "nobody"))
    var page = try await waiting.value
    // The leader's own first entry may be told of before.
    while page.through < idle.index {
      #expect(page.changes.isEmpty)
      page = try await plane.changePage(from: page.through.next)
    }
    #expect(page.changes.isEmpty)
    var follower = ClusterState(plane.snapshot())
    for number in 0..<600 {
      _ = try await plane.upsertRole(ClusterRoleDescriptor(name: "r\(number)"))
    }
    while follower.snapshot.applied < plane.snapshot().applied {
      let page = try await plane.changePage(from: follower.snapshot.applied.next)
      for change in page.changes {
        let isAlike = follower.apply(change)
        #expect(isAlike)
      }
      if page.through > follower.snapshot.applied { follower.advance(to: page.through) }
    }
    #expect(follower.snapshot.digest == plane.snapshot().digest)
    await plane.close()
    await #expect(throws: ClusterError.closed) {
      try await plane.changePage(from: plane.snapshot().applied.next)
    }
  }
}
