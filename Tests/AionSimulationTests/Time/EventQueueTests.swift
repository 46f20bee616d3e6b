import AionModel
import AionSimulation
import Testing

@Suite("The queue of events")
struct EventQueueTests {
  @Test("Events come in the order of their time, and of one moment in the order they were put in")
  func order() {
    var queue = EventQueue<Int>()
    var chance = SplitMix64(seed: 1)
    var expected: [(time: Int, event: Int)] = []
    for event in 0..<1_000 {
      let time = chance.below(50)
      queue.add(event, at: Moment(microseconds: time))
      expected.append((time, event))
    }
    expected.sort { ($0.time, $0.event) < ($1.time, $1.event) }
    for next in expected {
      let found = queue.next()
      #expect(found?.event == next.event)
      #expect(found?.time == Moment(microseconds: next.time))
    }
    #expect(queue.next() == nil)
  }

  @Test("What is put in while events are taken is in order with the rest")
  func interleaved() {
    var queue = EventQueue<Int>()
    queue.add(3, at: Moment(microseconds: 30))
    queue.add(1, at: Moment(microseconds: 10))
    #expect(queue.next()?.event == 1)
    queue.add(2, at: Moment(microseconds: 20))
    #expect(queue.next()?.event == 2)
    #expect(queue.next()?.event == 3)
  }
}
