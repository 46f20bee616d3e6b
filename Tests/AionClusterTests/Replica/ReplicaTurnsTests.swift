import AionCluster
import AionModel
import Dispatch
import Synchronization
import Testing

private typealias IntQueue = SubmissionQueue<Int, Int, Int>

@Suite("A replica that takes turns on a thread of others", .timeLimit(.minutes(1)))
struct ReplicaTurnsTests {
  private static let forEver = Duration.seconds(3_600)

  /// A queue whose consumer polls, and how often it was woken.
  private final class Polled: Sendable {
    let queue: IntQueue
    private let counter: Counter

    private final class Counter: Sendable {
      let count = Atomic<Int>(0)
    }

    init() {
      let counter = Counter()
      self.counter = counter
      queue = IntQueue(limit: 100) { counter.count.add(1, ordering: .relaxed) }
    }

    var wakes: Int { counter.count.load(ordering: .relaxed) }
  }

  @Test("It is woken once when something comes while it rests, and not while it does not")
  func wakesOnce() throws {
    let polled = Polled()
    var (contents, rest) = (IntQueue.Contents(), IntQueue.Rest?.none)
    func poll() -> Bool {
      polled.queue.poll(
        into: &contents, waitingAtMost: Self.forEver, gathering: .none, rest: &rest)
    }
    try polled.queue.submit(1)
    #expect(polled.wakes == 0, "nobody rests yet")
    #expect(poll() && contents.requests == [1] && rest == nil)
    #expect(poll() && contents.isEmpty && rest != nil)
    try polled.queue.submit(2)
    try polled.queue.submit(3, from: -3)
    #expect(polled.wakes == 1)
    #expect(poll() && contents.requests == [2] && contents.writes == [3] && rest == nil)
    #expect(poll() && rest != nil)
    polled.queue.close()
    #expect(polled.wakes == 2)
    #expect(!poll(), "closed and empty")
  }

  @Test("Too few writes do not wake it; once they had their time, those that come go at once")
  func gathers() throws {
    let polled = Polled()
    var (contents, rest) = (IntQueue.Contents(), IntQueue.Rest?.none)
    func poll(_ patience: Duration) -> Bool {
      polled.queue.poll(
        into: &contents, waitingAtMost: Self.forEver,
        gathering: Gathering(count: 3, patience: patience), rest: &rest)
    }
    #expect(poll(Self.forEver) && rest != nil)
    for write in 1...2 { try polled.queue.submit(write, from: -write) }
    #expect(polled.wakes == 0)
    #expect(poll(Self.forEver) && contents.isEmpty && rest != nil, "two of three")
    try polled.queue.submit(3, from: -3)
    #expect(polled.wakes == 1)
    #expect(poll(Self.forEver) && contents.writes == [1, 2, 3])

    // Nothing comes for as long as is waited for.
    #expect(poll(.zero) && rest != nil)
    #expect(poll(.zero) && contents.isEmpty && rest != nil)
    try polled.queue.submit(4, from: -4)
    #expect(polled.wakes == 2)
    #expect(poll(Self.forEver) && contents.writes == [4], "it goes at once")
  }

  @Test("When its time is over it goes on, whether anything has come or not")
  func timeIsOver() throws {
    let polled = Polled()
    var (contents, rest) = (IntQueue.Contents(), IntQueue.Rest?.none)
    func poll(_ patience: Duration) -> Bool {
      polled.queue.poll(
        into: &contents, waitingAtMost: patience, gathering: .none, rest: &rest)
    }
    #expect(poll(.zero) && rest != nil)
    #expect(poll(Self.forEver) && contents.isEmpty && rest == nil)
    #expect(poll(Self.forEver) && rest != nil)
  }

  /// Counts what it is given.
  private final class CountingThread: ReplicaThread {
    private let thread = TurnThread()
    private let count = Atomic<Int>(0)

    var given: Int { count.load(ordering: .relaxed) }

    func run(_ body: @escaping @Sendable () -> Void) {
      count.add(1, ordering: .relaxed)
      thread.run(body)
    }

    func run(after pause: Duration, _ body: @escaping @Sendable () -> Void) {
      count.add(1, ordering: .relaxed)
      thread.run(after: pause, body)
    }
  }

  @Test("After its end it wants nothing more of the thread")
  func ends() async throws {
    let thread = CountingThread()
    let group = ReplicaGroup()
    let plane = try await group.open(1, .bootstrap([1]), on: thread)
    try await group.write(1)
    await group.close(1)
    let given = thread.given
    #expect(given > 0)
    await #expect(throws: ClusterError.closed) {
      try await plane.upsertRole(ClusterRoleDescriptor(name: "late"))
    }
    await plane.close()
    #expect(thread.given == given)
  }

  @Test("One that cannot be opened says why, and holds nothing")
  func cannotOpen() async throws {
    let group = ReplicaGroup()
    try await group.open(1, .bootstrap([1]), on: TurnThread())
    await #expect(throws: (any Error).self, "another one has the directory") {
      try await group.open(1, .bootstrap([1]), on: TurnThread())
    }
    await group.close(1)
    try await group.open(1, .bootstrap([1]), on: TurnThread())
    try await group.write(1)
    await group.closeAll()
  }
}
