import AionCluster
import AionModel
import Synchronization
import Testing

private typealias IntQueue = SubmissionQueue<Int, Int, Int>

@Suite("Writes that wait for others", .timeLimit(.minutes(2)))
struct GatheringTests {
  /// Longer than any test.
  private static let forEver = Duration.seconds(3_600)

  @Test(
    "Twice as many as are under way make a batch; alone, and without patience, one does",
    arguments: [(0, 1), (1, 2), (7, 14)])
  func counts(underWay: Int, count: Int) {
    #expect(Gathering(underWay: underWay, patience: .milliseconds(1)).count == count)
    #expect(Gathering(underWay: underWay, patience: .zero).count == 1)
  }

  @Test("Too few writes stay, enough of them go, and requests wait for neither")
  func leavesTooFew() throws {
    let queue = IntQueue(limit: 10)
    let gathering = Gathering(count: 3, patience: Self.forEver)
    var contents = IntQueue.Contents()
    for write in 1...2 { try queue.submit(write, from: -write) }
    queue.takeWrites(into: &contents, gathering: gathering)
    #expect(contents.isEmpty)
    try queue.submit(7)
    #expect(queue.drain(into: &contents, waitingAtMost: Self.forEver, gathering: gathering))
    #expect(contents.writes.isEmpty && contents.requests == [7])
    try queue.submit(3, from: -3)
    #expect(queue.drain(into: &contents, waitingAtMost: Self.forEver, gathering: gathering))
    #expect(contents.writes == [1, 2, 3] && contents.callers == [-1, -2, -3])
  }

  @Test("Too few writes go when they have waited for so long, whatever requests come meanwhile")
  func patienceEnds() throws {
    let queue = IntQueue(limit: 10)
    let gathering = Gathering(count: 3, patience: .microseconds(1))
    var contents = IntQueue.Contents()
    try queue.submit(1, from: -1)
    var rounds = 0
    while contents.writes.isEmpty, rounds < 1_000_000 {
      try queue.submit(7)
      #expect(queue.drain(into: &contents, waitingAtMost: Self.forEver, gathering: gathering))
      rounds += 1
    }
    #expect(rounds > 1, "the first round finds writes that have not waited yet")
    #expect(contents.writes == [1])

    try queue.submit(2, from: -2)
    #expect(queue.drain(into: &contents, waitingAtMost: Self.forEver, gathering: gathering))
    #expect(contents.writes == [2])
  }

  @Test("Waiting ends when the time is over, and too few writes are still there")
  func timeIsOver() throws {
    let queue = IntQueue(limit: 10)
    let gathering = Gathering(count: 3, patience: Self.forEver)
    var contents = IntQueue.Contents()
    try queue.submit(1, from: -1)
    #expect(queue.drain(into: &contents, waitingAtMost: .milliseconds(1), gathering: gathering))
    #expect(contents.isEmpty && queue.count == 1)
    queue.close()
    #expect(queue.drain(into: &contents, waitingAtMost: Self.forEver, gathering: gathering))
    #expect(contents.writes == [1])
    #expect(!queue.drain(into: &contents, waitingAtMost: Self.forEver, gathering: gathering))
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
        while queue.drain(into: &drained, waitingAtMost: Self.forEver, gathering: gathering) {
          received.withLock { $0.append(drained.writes) }
          if received.withLock({ $0.joined().count }) == 3 { consumer.resume(.success(0)) }
        }
      })
    for write in 1...3 { try queue.submit(write, from: 0) }
    _ = try await consumer.wait { _ in }
    queue.close()
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
}
