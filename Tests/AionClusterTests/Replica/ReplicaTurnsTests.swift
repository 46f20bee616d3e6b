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

  /// Runs what it is given when it is told to, and what was to be later as well.
  private final class StepThread: ReplicaThread {
    private let waiting = Mutex<[@Sendable () -> Void]>([])

    func run(_ body: @escaping @Sendable () -> Void) { waiting.withLock { $0.append(body) } }

    func run(after pause: Duration, _ body: @escaping @Sendable () -> Void) { run(body) }

    /// - Returns: How much there was to run.
    @discardableResult
    func step() -> Int {
      let due = waiting.withLock { waiting in
        defer { waiting = [] }
        return waiting
      }
      for body in due { body() }
      return due.count
    }

    /// Goes on until `work` is done.
    func run<Value: Sendable>(
      during work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
      let done = Flag()
      let task = Task {
        defer { done.isSet.store(true, ordering: .releasing) }
        return try await work()
      }
      while !done.isSet.load(ordering: .acquiring) {
        // Each turn that ends in a rest asks for one alarm, each that does not for a pause; a
        // wake-up comes to it, and the alarm of before.
        #expect(step() < 6)
        await Task.yield()
      }
      return try await task.value
    }

    private final class Flag: Sendable {
      let isSet = Atomic<Bool>(false)
    }
  }

  @Test("It asks its thread for few things at a time, and for nothing after its end")
  func ends() async throws {
    let thread = StepThread()
    let group = ReplicaGroup()
    let plane = try await thread.run(during: {
      try await group.open(1, .bootstrap([1]), on: thread)
    })
    for number in 1...20 { try await thread.run(during: { try await group.write(number) }) }
    try await thread.run(during: { await group.close(1) })
    await #expect(throws: ClusterError.closed) {
      try await plane.upsertRole(ClusterRoleDescriptor(name: "late"))
    }
    await plane.close()
    thread.step()
    #expect(thread.step() == 0)
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
