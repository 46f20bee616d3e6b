import AionCluster
import Foundation
import Testing

@Suite("Compaction and following changes")
struct CompactionTests {
  @Test("compact() writes a snapshot, deletes the log that two snapshots cover, and loses nothing")
  func compacts() async throws {
    let folder = try DataFolder()
    let plane = try await folder.open(.small)
    for round in 0..<3 {
      for number in 0..<300 {
        try await plane.upsertRole(
          ClusterRoleDescriptor(name: "role-\(number)", connectionLimit: UInt32(round)))
      }
      let index = try await plane.compact()
      #expect(index == plane.snapshot().applied)
      #expect(plane.status().snapshotIndex == index)
    }
    let log = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/log")
    #expect(!log.contains("00000000000000000001.log"))
    let digest = plane.snapshot().digest
    await plane.close()
    let again = try await folder.open(.small)
    #expect(again.snapshot().digest == digest)
    await again.close()
  }

  @Test("Compacting what is compacted writes nothing new")
  func compactsOnce() async throws {
    let folder = try DataFolder()
    let plane = try await folder.open()
    try await plane.upsertRole(ClusterRoleDescriptor(name: "ada"))
    let first = try await plane.compact()
    #expect(try await plane.compact() == first)
    await plane.close()
  }

  @Test("Writes go on while snapshots are written in the background, by size")
  func automatic() async throws {
    let folder = try DataFolder()
    var configuration = DurableConfiguration.small
    configuration.snapshotAfter = .kibibytes(8)
    let plane = try await folder.open(configuration)
    for number in 0..<1_000 {
      try await plane.upsertRole(ClusterRoleDescriptor(name: "role-\(number)"))
    }
    let digest = plane.snapshot().digest
    await plane.close()
    let snapshots = try FileManager.default.contentsOfDirectory(
      atPath: folder.path + "/snapshots")
    #expect((1...2).contains(snapshots.count))
    let again = try await folder.open(configuration)
    #expect(again.snapshot().digest == digest)
    await again.close()
  }

  @Test("A follower that takes a snapshot and then every change comes to the same digest")
  func follows() async throws {
    let folder = try DataFolder()
    let plane = try await folder.open()
    try await plane.upsertRole(ClusterRoleDescriptor(name: "before"))
    var follower = ClusterState(plane.snapshot())
    let changes = plane.changes(from: follower.snapshot.applied.next)
    let writer = Task {
      for number in 0..<500 {
        try await plane.upsertRole(ClusterRoleDescriptor(name: "role-\(number)"))
      }
    }
    var iterator = changes.makeAsyncIterator()
    for _ in 0..<500 {
      let change = try #require(try await iterator.next())
      let isAlike = follower.apply(change)
      #expect(isAlike, "at index \(change.index)")
    }
    try await writer.value
    #expect(follower.snapshot.digest == plane.snapshot().digest)
    await plane.close()
    await #expect(throws: ClusterError.closed) { try await iterator.next() }
  }

  @Test("A follower can leave and go on at any index, also after the plane was opened again")
  func resumes() async throws {
    let folder = try DataFolder()
    let plane = try await folder.open()
    for number in 0..<10 {
      try await plane.upsertRole(ClusterRoleDescriptor(name: "role-\(number)"))
    }
    var first = plane.changes(from: 1).makeAsyncIterator()
    var last: LogIndex = 0
    for _ in 0..<4 { last = try #require(try await first.next()).index }
    await plane.close()
    let again = try await folder.open()
    var second = again.changes(from: last.next).makeAsyncIterator()
    for number in 4..<10 {
      let change = try #require(try await second.next())
      #expect(
        change.batch.commands == [.upsertRole(ClusterRoleDescriptor(name: "role-\(number)"))])
    }
    await again.close()
  }

  @Test("A follower that comes too late is told where what is kept begins")
  func tooLate() async throws {
    let folder = try DataFolder()
    let plane = try await folder.open(DurableConfiguration(keptChanges: 10))
    for number in 0..<50 {
      try await plane.upsertRole(ClusterRoleDescriptor(name: "role-\(number)"))
    }
    var late = plane.changes(from: 1).makeAsyncIterator()
    do {
      _ = try await late.next()
      Issue.record("changes that are gone were given out")
    } catch ClusterError.compacted(let asked, let oldest) {
      #expect(asked == 1)
      var onTime = plane.changes(from: oldest).makeAsyncIterator()
      #expect(try await onTime.next()?.index == oldest)
    }
    await plane.close()
  }

  @Test("A follower that is cancelled stops waiting")
  func cancelled() async throws {
    let folder = try DataFolder()
    let plane = try await folder.open()
    let next = plane.snapshot().applied.next
    let follower = Task {
      var iterator = plane.changes(from: next).makeAsyncIterator()
      return try await iterator.next()
    }
    follower.cancel()
    await #expect(throws: ClusterError.cancelled) { try await follower.value }
    await plane.close()
  }
}
