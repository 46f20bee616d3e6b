import AionCluster
import AionModel
import Synchronization
import Testing

private typealias IntQueue = SubmissionQueue<Int, Int, Int>

@Suite("Writes that wait for others", .timeLimit(.minutes(2)))
struct GatheringTests {
  /// Longer than any test.
  private static let forEver = Duration.seconds(3_600)

  /// A queue in which so many writes wait.
  private func queue(holding writes: Int, limit: Int = 10) throws -> IntQueue {
    let queue = IntQueue(limit: limit)
    for write in 1...writes { try queue.submit(write, from: -write) }
    return queue
  }

  @Test(
    "Twice as many as are under way make a batch; alone, and without patience, one does",
    arguments: [(0, 1), (1, 2), (7, 14)])
  func counts(underWay: Int, count: Int) {
    let few = ExpectedWriters.many - 1
    #expect(Gathering(underWay: underWay, writers: writers(few)).count == count)
    #expect(Gathering(underWay: underWay, writers: writers(few, patience: .zero)).count == 1)
  }

  @Test("Where many write at a time all of them make a batch, however few are under way")
  func countsMany() {
    let many = ExpectedWriters.many
    for underWay in [0, 1, many] {
      #expect(Gathering(underWay: underWay, writers: writers(many)).count == many)
    }
    #expect(Gathering(underWay: 7, writers: writers(many, patience: .zero)).count == 1)
  }

  /// So many were seen.
  private func writers(
    _ count: Int, patience: Duration = .milliseconds(1)
  ) -> ExpectedWriters {
    var writers = ExpectedWriters(patience: patience)
    writers.willAnswer(through: 0, present: count, at: .now)
    return writers
  }

  @Test("Too few writes stay, enough of them go, and requests wait for neither")
  func leavesTooFew() throws {
    let queue = try queue(holding: 2)
    let gathering = Gathering(count: 3, patience: Self.forEver)
    var contents = IntQueue.Contents()
    queue.takeWrites(into: &contents, gathering: gathering)
    #expect(contents.isEmpty)
    try queue.submit(7)
    #expect(queue.drain(into: &contents, waitingAtMost: .seconds(100), gathering: gathering))
    #expect(contents.writes.isEmpty && contents.requests == [7])
    try queue.submit(3, from: -3)
    #expect(queue.drain(into: &contents, waitingAtMost: .seconds(100), gathering: gathering))
    #expect(contents.writes == [1, 2, 3] && contents.callers == [-1, -2, -3])
  }

  @Test("Too few writes go when they have waited for so long, whatever requests come meanwhile")
  func patienceEnds() throws {
    let queue = try queue(holding: 1)
    let gathering = Gathering(count: 3, patience: .microseconds(1))
    var contents = IntQueue.Contents()
    var rounds = 0
    while contents.writes.isEmpty, rounds < 1_000_000 {
      try queue.submit(7)
      #expect(queue.drain(into: &contents, waitingAtMost: .seconds(100), gathering: gathering))
      rounds += 1
    }
    #expect(rounds > 1, "the first round finds writes that have not waited yet")
    #expect(contents.writes == [1])

    try queue.submit(2, from: -2)
    #expect(queue.drain(into: &contents, waitingAtMost: .seconds(100), gathering: gathering))
    #expect(contents.writes == [2])
  }

  @Test("Waiting ends when the time is over, and too few writes are still there")
  func timeIsOver() throws {
    let queue = try queue(holding: 1)
    let gathering = Gathering(count: 3, patience: Self.forEver)
    var contents = IntQueue.Contents()
    #expect(queue.drain(into: &contents, waitingAtMost: .milliseconds(1), gathering: gathering))
    #expect(contents.isEmpty && queue.count == 1)
    queue.close()
    #expect(queue.drain(into: &contents, waitingAtMost: .seconds(100), gathering: gathering))
    #expect(contents.writes == [1])
    #expect(!queue.drain(into: &contents, waitingAtMost: .seconds(100), gathering: gathering))
  }

  @Test("More than the queue holds are not waited for")
  func fitsTheQueue() throws {
    let queue = try queue(holding: 2, limit: 2)
    var contents = IntQueue.Contents()
    queue.takeWrites(
      into: &contents, gathering: Gathering(count: 3, patience: Self.forEver))
    #expect(contents.writes == [1, 2])
  }

  @Test("A consumer that sleeps is woken once, by enough writes or by what is urgent")
  func wakesOnce() {
    var consumer = Parking()
    var wakes: [Bool] = []
    wakes.append(consumer.takeWake(writes: 9, isUrgent: true))
    consumer.park(for: 3)
    for writes in 2...4 { wakes.append(consumer.takeWake(writes: writes, isUrgent: false)) }
    wakes.append(consumer.takeWake(writes: 4, isUrgent: true))
    consumer.park(for: 3)
    wakes.append(consumer.takeWake(writes: 0, isUrgent: true))
    #expect(wakes == [false, false, true, false, false, true])
  }

  @Test("A consumer that sleeps is woken when enough have come")
  func wakes() async throws {
    let queue = IntQueue(limit: 100)
    let gathering = Gathering(count: 3, patience: Self.forEver)
    let received = Mutex<[[Int]]>([])
    let consumer = Waiter<Int>()
    #expect(
      DedicatedThread.start {
        var drained = IntQueue.Contents()
        while queue.drain(into: &drained, waitingAtMost: .seconds(100), gathering: gathering) {
          received.withLock { $0.append(drained.writes) }
          if received.withLock({ $0.joined().count }) == 3 { consumer.resume(.success(0)) }
        }
      })
    defer { queue.close() }
    for write in 1...3 { try queue.submit(write, from: 0) }
    _ = try await consumer.wait { _ in }
    #expect(received.withLock { $0 } == [[1, 2, 3]])
  }

  @Test("Nobody waits for others who do not come: what is under way ends, and its answer lets on")
  func goesOn() async throws {
    let group = try await ReplicaGroup.founded(3, gathering: Self.forEver)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      for task in 0..<16 {
        tasks.addTask { for write in 0..<20 { try await group.write(task * 100 + write) } }
      }
      try await tasks.waitForAll()
    }
    await group.closeAll()
  }

  @Test("A write waits while one is under way, and goes when that is answered")
  func waitsForAnswer() async throws {
    let group = try await ReplicaGroup.founded(3, electionTicks: 100, gathering: Self.forEver)
    let leader = try await group.silencedLeader()
    async let first = leader.upsertRole(ClusterRoleDescriptor(name: "first"))
    try await leader.until { $0.underWay == 1 }
    async let second = leader.upsertRole(ClusterRoleDescriptor(name: "second"))
    try await leader.until { $0.queuedWrites == 1 }
    try await leader.compact()
    #expect(leader.status().storage.queuedWrites == 1)
    group.isolate([])
    _ = try await (first, second)
    await group.closeAll()
  }

  @Test("Where many write at a time, those wait for each other who were answered")
  func waitsForMany() async throws {
    let group = try await ReplicaGroup.founded(3, electionTicks: 100, gathering: Self.forEver)
    let leader = try await group.silencedLeader()
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      func write(_ count: Int) {
        for number in 0..<count {
          tasks.addTask {
            _ = try await leader.upsertRole(ClusterRoleDescriptor(name: "role-\(number)"))
          }
        }
      }
      var proposed = 0
      while proposed * 3 < ExpectedWriters.many {
        let count = max(1, proposed * 2)
        write(count)
        proposed += count
        try await leader.until { $0.underWay == proposed }
      }
      let left = ExpectedWriters.many - proposed
      write(left)
      try await leader.until { $0.queuedWrites == left }
      group.isolate([])
      try await leader.until { $0.underWay == 0 }
      write(1)
      try await leader.until { $0.queuedWrites == left + 1 }
      try await leader.compact()
      #expect(leader.status().storage.queuedWrites == left + 1)
      write(ExpectedWriters.many - left - 1)
      try await tasks.waitForAll()
    }
    await group.closeAll()
  }
}

extension ReplicaGroup {
  /// The leader, whom nobody hears; nothing is under way but what the test writes from here on.
  fileprivate func silencedLeader() async throws -> ReplicatedControlPlane {
    let leader = await leader()
    try await leader.upsertRole(ClusterRoleDescriptor(name: "before"))
    isolate(Set(ids.filter { self[$0] === leader }))
    return leader
  }
}

extension ReplicatedControlPlane {
  /// Waits until its thread, having gone a round, says so.
  fileprivate func until(_ condition: (DurableStatus) -> Bool) async throws {
    while !condition(status().storage) {
      try Task.checkCancellation()
      try await compact()
    }
  }
}

extension DurableStatus {
  /// Writes that are proposed and not committed.
  fileprivate var underWay: Int { Int(lastIndex.rawValue - committedIndex.rawValue) }
}
