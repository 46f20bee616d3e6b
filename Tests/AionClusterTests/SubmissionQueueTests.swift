import AionCluster
import AionModel
import Synchronization
import Testing

private typealias IntQueue = SubmissionQueue<Int, Int, Int>

@Suite("The queue in front of the node's thread")
struct SubmissionQueueTests {
  @Test("Draining takes everything that waits, in the order in which it came")
  func drainsInOrder() throws {
    let queue = IntQueue(limit: 10)
    for element in 1...3 { try queue.submit(element, from: -element) }
    var drained = IntQueue.Contents()
    #expect(queue.drain(into: &drained))
    #expect(drained.writes == [1, 2, 3])
    #expect(drained.callers == [-1, -2, -3])
    #expect(queue.count == 0)
  }

  @Test(
    "At the limit it takes one more, above it it refuses with the limit", arguments: [1, 2, 64])
  func refusesAboveLimit(limit: Int) throws {
    let queue = IntQueue(limit: limit)
    for element in 0..<limit { try queue.submit(element, from: -element) }
    #expect(throws: ClusterError.busy(.queueFull(limit: limit))) {
      try queue.submit(limit, from: 0)
    }
    var drained = IntQueue.Contents()
    #expect(queue.drain(into: &drained))
    #expect(drained.writes.count == limit)
    try queue.submit(limit, from: 0)
    #expect(queue.count == 1)
  }

  @Test("Writes that came since can be taken alone, by who has none")
  func takesWrites() throws {
    let queue = IntQueue(limit: 10)
    var contents = IntQueue.Contents()
    queue.takeWrites(into: &contents)
    #expect(contents.isEmpty)
    try queue.submit(1, from: -1)
    try queue.submit(7)
    queue.takeWrites(into: &contents)
    #expect(contents.writes == [1] && contents.callers == [-1] && contents.requests.isEmpty)
    try queue.submit(2, from: -2)
    queue.takeWrites(into: &contents)
    #expect(contents.writes == [1], "it has some")
    #expect(queue.drain(into: &contents))
    #expect(contents.writes == [2] && contents.requests == [7])
  }

  @Test("The outcome of background work gets through when the queue is full")
  func admitsBackgroundOutcomes() throws {
    let queue = IntQueue(limit: 1)
    try queue.submit(1, from: 0)
    try queue.submit(2)
    #expect(queue.count == 1)
    #expect(throws: ClusterError.busy(.queueFull(limit: 1))) { try queue.submit(3, from: 0) }
  }

  @Test("A closed queue gives out what it accepted, then says that nothing will come")
  func closes() throws {
    let queue = IntQueue(limit: 10)
    try queue.submit(1, from: 0)
    queue.close()
    #expect(throws: ClusterError.closed) { try queue.submit(2, from: 0) }
    #expect(throws: ClusterError.closed) { try queue.submit(2) }
    var drained = IntQueue.Contents()
    #expect(queue.drain(into: &drained))
    #expect(drained.writes == [1])
    #expect(!queue.drain(into: &drained))
    #expect(drained.isEmpty)
  }

  @Test("A consumer that sleeps is woken by each submission, and nothing is lost")
  func wakesConsumer() async throws {
    let queue = IntQueue(limit: 100_000)
    let received = Mutex<[Int]>([])
    let consumer = Waiter<Int>()
    #expect(
      DedicatedThread.start {
        var drained = IntQueue.Contents()
        while queue.drain(into: &drained) {
          received.withLock { $0.append(contentsOf: drained.writes) }
        }
        consumer.resume(.success(0))
      })
    await withTaskGroup(of: Void.self) { group in
      for producer in 0..<8 {
        group.addTask {
          for element in 0..<1_000 {
            try? queue.submit(producer * 1_000 + element, from: 0)
            if element.isMultiple(of: 97) { await Task.yield() }
          }
        }
      }
    }
    queue.close()
    _ = try await consumer.wait { _ in }
    #expect(received.withLock { $0.sorted() } == Array(0..<8_000))
  }
}
