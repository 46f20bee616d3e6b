import AionCluster
import Testing

@Suite("Who is expected to write again")
struct ExpectedWritersTests {
  private let now = SuspendingClock.now
  private let many = ExpectedWriters.many + 8

  @Test("So many write at a time as were ever there together, until a batch goes without them")
  func counts() {
    var writers = ExpectedWriters(patience: .seconds(1))
    writers.willAnswer(present: many, at: now)
    writers.willAnswer(present: 8, at: now)
    #expect(writers.count == many && writers.areMany)
    writers.willPropose(present: 9)
    #expect(writers.count == 9 && !writers.areMany)
    writers.willPropose(present: 1)
    #expect(writers.count == 1)
  }

  @Test("Many who were answered are expected for as long as it was said, few are not")
  func expects() {
    var writers = ExpectedWriters(patience: .seconds(1))
    writers.willAnswer(present: ExpectedWriters.many - 1, at: now)
    #expect(writers.timeLeft(at: now) == nil)
    writers.willAnswer(present: ExpectedWriters.many, at: now)
    #expect(writers.timeLeft(at: now) == .seconds(1))
    #expect(writers.timeLeft(at: now + .milliseconds(600)) == .milliseconds(400))
    #expect(writers.timeLeft(at: now + .seconds(1)) == nil)
  }

  @Test("Once a batch has gone nobody is expected before the next answer")
  func batchEndsIt() {
    var writers = ExpectedWriters(patience: .seconds(1))
    writers.willAnswer(present: many, at: now)
    writers.willPropose(present: many)
    #expect(writers.timeLeft(at: now) == nil && writers.areMany)
    writers.willAnswer(present: 3, at: now)
    #expect(writers.timeLeft(at: now) == .seconds(1))
  }
}
