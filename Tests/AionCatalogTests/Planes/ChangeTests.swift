import AionCatalog
import AionModel
import Testing

@Suite("Following changes")
struct ChangeTests {
  @Test(
    "A follower that applies the changes in order comes to the same digest",
    arguments: 0..<4 as Range<UInt64>)
  func follow(seed: UInt64) throws {
    var generator = CommandGenerator(seed: seed)
    let log = InMemoryLog()
    for _ in 0..<100 { _ = try? log.propose(generator.batch()) }
    var follower = ClusterState(log.snapshot())
    for _ in 0..<300 { _ = try? log.propose(generator.batch()) }
    for change in try log.changes(from: follower.snapshot.applied.next) {
      let isAlike = follower.apply(change)
      #expect(isAlike, "seed \(seed), index \(change.index)")
    }
    #expect(follower.snapshot.digest == log.snapshot().digest, "seed \(seed)")
  }

  @Test("Refusals and commands that change nothing are no changes")
  func nothing() throws {
    let log = InMemoryLog()
    _ = try log.propose(CommandBatch(.upsertNode("a")))
    _ = try log.propose(CommandBatch(.upsertNode("a")))
    #expect(throws: ClusterError.self) { try log.propose(CommandBatch(.createDatabase(""))) }
    #expect(try log.changes(from: 1).map(\.index) == [1])
    #expect(try log.changes(from: 2).isEmpty)
  }

  @Test("With a stamp a refusal is a change, and a write that changes nothing; a duplicate is none")
  func stamped() throws {
    let log = InMemoryLog()
    _ = try log.propose(CommandBatch([.openSession, .upsertNode("a")]))
    var refused = CommandBatch(.createDatabase(""))
    refused.stamp = SessionStamp(session: 1, sequence: 1, answeredBelow: 1)
    for _ in 0..<3 { #expect(throws: ClusterError.self) { try log.propose(refused) } }
    var idle = CommandBatch(.upsertNode("a"))
    idle.stamp = SessionStamp(session: 1, sequence: 2, answeredBelow: 1)
    for _ in 0..<3 { #expect(try !log.propose(idle).hasChanges) }
    #expect(try log.changes(from: 1).map(\.index) == [1, 2, 5])
    var follower = ClusterState()
    for change in try log.changes(from: 1) {
      let isAlike = follower.apply(change)
      #expect(isAlike)
    }
    #expect(follower.snapshot.digest == log.snapshot().digest)
  }

  @Test("A follower that missed a change says so")
  func gap() throws {
    let log = InMemoryLog()
    _ = try log.propose(CommandBatch(.upsertNode("a")))
    _ = try log.propose(CommandBatch(.markNode("a", live: false)))
    var follower = ClusterState()
    let last = try #require(try log.changes(from: 2).first)
    let isAlike = follower.apply(last)
    #expect(!isAlike)
  }

  @Test("The oldest changes go when there are too many commands, and asking for them says so")
  func compaction() throws {
    var history = ChangeHistory(after: 10, limit: 6)
    #expect(throws: ClusterError.compacted(asked: 10, oldest: 11)) {
      try history.changes(from: 10)
    }
    for index in 11...40 as ClosedRange<UInt64> {
      history.append(change(at: LogIndex(index), commands: 2))
      #expect(history.count <= 3)
      #expect(history.count == min(3, Int(index) - 10))
      let start = history.start
      #expect(try history.changes(from: start).first?.index == start)
      #expect(try history.changes(from: LogIndex(index)).map(\.index) == [LogIndex(index)])
      #expect(throws: ClusterError.compacted(asked: start.previous, oldest: start)) {
        try history.changes(from: start.previous)
      }
    }
    #expect(history.start == 38)
    #expect(try history.changes(from: 38, limit: 2).map(\.index) == [38, 39])
    history.append(change(at: 50, commands: 7))
    #expect(history.count == 0)
    #expect(history.start == 51)
  }

  @Test("A history without an end keeps what it holds reachable")
  func longRun() throws {
    var history = ChangeHistory(after: 0, limit: 100)
    for index in 1...5_000 as ClosedRange<UInt64> {
      history.append(change(at: LogIndex(index * 3), commands: 1))
    }
    #expect(history.count == 100)
    #expect(try history.changes(from: history.start).count == 100)
    #expect(try history.changes(from: 14_998).map(\.index) == [15_000])
  }

  private func change(at index: LogIndex, commands: Int) -> Change {
    Change(
      at: index, batch: CommandBatch([Command](repeating: .dropRole(name: "x"), count: commands)),
      outcome: .success(
        Applied(
          index: index, catalogVersion: 0, placementEpoch: 0, outcomes: [], hasChanges: true)))
  }
}
