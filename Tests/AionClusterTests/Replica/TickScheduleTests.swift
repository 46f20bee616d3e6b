import AionCluster
import AionModel
import Synchronization
import Testing

@Suite("A replica's clock")
struct TickScheduleTests {
  private struct Moment: InstantProtocol {
    var offset: Duration
    func advanced(by duration: Duration) -> Moment { Moment(offset: offset + duration) }
    func duration(to other: Moment) -> Duration { other.offset - offset }
    static func < (left: Moment, right: Moment) -> Bool { left.offset < right.offset }
  }

  private func at(_ milliseconds: Int) -> Moment { Moment(offset: .milliseconds(milliseconds)) }

  /// Asks at each of these moments, in milliseconds, and gives those at which it ticked.
  private func ticks(askedAt moments: [Int]) -> [Int] {
    var schedule = TickSchedule(every: .milliseconds(100), from: at(0))
    return moments.filter { schedule.takeTick(at: at($0)) }
  }

  @Test("It ticks once in each interval, however late within it")
  func onTime() {
    #expect(ticks(askedAt: [50, 99, 100, 150, 199, 200, 399, 400]) == [100, 200, 399, 400])
    let schedule = TickSchedule(every: .milliseconds(100), from: at(0))
    #expect(schedule.pause(from: at(99)) == .milliseconds(1))
    #expect(schedule.pause(from: at(101)) == .zero)
  }

  @Test("A process that slept ticks once when it wakes, and not as often as it missed")
  func stalls() {
    #expect(ticks(askedAt: [10_050, 10_051, 10_149, 10_150]) == [10_050, 10_150])
  }
}

@Suite("What waits for a replica's thread")
struct ReplicaQueueTests {
  private typealias IntQueue = SubmissionQueue<Int, Int, Int>

  @Test("An offer is taken up to the limit and not above it", arguments: [1, 2, 50])
  func offers(limit: Int) {
    let queue = IntQueue(limit: 1)
    for request in 0..<limit { #expect(queue.offer(request, within: limit)) }
    #expect(!queue.offer(limit, within: limit))
    var drained = IntQueue.Contents()
    #expect(queue.drain(into: &drained))
    #expect(drained.requests == Array(0..<limit))
    #expect(queue.offer(limit, within: limit))
    queue.close()
    #expect(!queue.offer(0, within: 100))
  }

  @Test("Waiting ends when the time is over, with nothing, and the queue goes on")
  func waits() throws {
    let queue = IntQueue(limit: 10)
    var drained = IntQueue.Contents()
    #expect(queue.drain(into: &drained, waitingAtMost: .milliseconds(1)))
    #expect(drained.isEmpty)
    try queue.submit(7)
    #expect(queue.drain(into: &drained, waitingAtMost: .seconds(100)))
    #expect(drained.requests == [7])
    queue.close()
    #expect(!queue.drain(into: &drained, waitingAtMost: .seconds(100)))
  }

  @Test("A queue that refuses writes still takes requests")
  func refusesWrites() throws {
    let queue = IntQueue(limit: 10)
    queue.refuseWrites()
    #expect(throws: ClusterError.closed) { try queue.submit(1, from: 1) }
    try queue.submit(2)
  }

  @Test("Envelopes are taken as long as their bytes fit")
  func room() {
    let room = EnvelopeRoom(limit: 10)
    #expect(room.take(4))
    #expect(room.take(6))
    #expect(!room.take(1))
    room.giveBack(6)
    #expect(room.take(6))
    #expect(!room.take(11))
    #expect(room.droppedCount == 2)
  }
}
