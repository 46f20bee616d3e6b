import AionCluster
import Testing

@Suite("Who is expected to write again")
struct ExpectedWritersTests {
  private let now = SuspendingClock.now
  private let many = ExpectedWriters.many + 8

  @Test("So many write at a time as were ever there together, until a batch goes without them")
  func counts() {
    var writers = ExpectedWriters(patience: .seconds(1))
    writers.willAnswer(through: 99, present: many, at: now)
    writers.willAnswer(through: 99, present: 8, at: now)
    #expect(writers.count == many && writers.areMany)
    writers.willPropose(4, from: 0, underWay: 5, at: now)
    #expect(writers.count == 9 && !writers.areMany)
    writers.willPropose(0, from: 0, underWay: 1, at: now)
    #expect(writers.count == 1)
  }

  @Test("Many who were answered are expected for as long as it was said, few are not")
  func expects() {
    var writers = ExpectedWriters(patience: .seconds(1))
    writers.willAnswer(through: 99, present: ExpectedWriters.many - 1, at: now)
    #expect(writers.timeLeft(at: now) == nil)
    writers.willAnswer(through: 99, present: ExpectedWriters.many, at: now)
    #expect(writers.timeLeft(at: now) == .seconds(1))
    #expect(writers.timeLeft(at: now + .milliseconds(600)) == .milliseconds(400))
    #expect(writers.timeLeft(at: now + .seconds(1)) == nil)
  }

  @Test("Once a batch has gone nobody is expected before the next answer")
  func batchEndsIt() {
    var writers = ExpectedWriters(patience: .seconds(1))
    writers.willAnswer(through: 99, present: many, at: now)
    writers.willPropose(many, from: 0, underWay: 0, at: now)
    #expect(writers.timeLeft(at: now) == nil && writers.areMany)
    writers.willAnswer(through: 99, present: 3, at: now)
    #expect(writers.timeLeft(at: now) == .seconds(1))
  }

  /// After a batch of so many that took so long.
  private func patience(after count: Int, taking span: Duration) -> Duration {
    var writers = ExpectedWriters(patience: .seconds(1))
    writers.willPropose(count, from: 0, underWay: 0, at: now)
    writers.willAnswer(through: 99, present: many, at: now + span)
    #expect(writers.timeLeft(at: now + span) == writers.patience)
    return writers.patience
  }

  @Test("Large batches that take long are waited for longer, small ones and quick ones are not")
  func waitsLonger() {
    let large = ExpectedWriters.many
    #expect(patience(after: large, taking: .milliseconds(499)) == .seconds(1))
    #expect(patience(after: large, taking: .seconds(2)) == .seconds(4))
    #expect(patience(after: large, taking: .seconds(60)) == .seconds(ExpectedWriters.longest))
    #expect(patience(after: large - 1, taking: .seconds(60)) == .seconds(1))
  }

  @Test("Few wait no longer than it was said, however long many did; nobody when it is nothing")
  func fewDoNot() {
    var writers = ExpectedWriters(patience: .seconds(1))
    writers.willPropose(many * 2, from: 0, underWay: 0, at: now)
    writers.willAnswer(through: 99, present: many * 2, at: now + .seconds(3))
    #expect(writers.patience == .seconds(5))
    writers.willPropose(3, from: 0, underWay: 0, at: now + .seconds(4))
    #expect(writers.patience == .seconds(1))

    var impatient = ExpectedWriters(patience: .zero)
    impatient.willPropose(many * 2, from: 0, underWay: 0, at: now)
    impatient.willAnswer(through: 99, present: many * 2, at: now + .seconds(3))
    #expect(impatient.patience == .zero && impatient.timeLeft(at: now + .seconds(3)) == nil)
  }

  @Test("Of batches under way the time of one is taken, from its going to its own first answer")
  func overlapping() {
    var writers = ExpectedWriters(patience: .seconds(1))
    let size = many * 2
    writers.willPropose(size, from: 0, underWay: 0, at: now)
    writers.willPropose(size, from: 100, underWay: size, at: now + .seconds(1))
    writers.willAnswer(through: 99, present: size * 2, at: now + .seconds(2))
    #expect(writers.patience == .seconds(4))
    // While the second one is still under way.
    writers.willPropose(size, from: 200, underWay: size, at: now + .seconds(2))
    writers.willAnswer(through: 199, present: size * 2, at: now + .milliseconds(2_100))
    #expect(writers.patience == .seconds(4), "that was not its answer")
    writers.willAnswer(through: 299, present: size, at: now + .milliseconds(3_500))
    #expect(writers.patience == .seconds(3))
  }

  @Test("What was under way when the leadership was lost says nothing of how long batches take")
  func deposed() {
    var writers = ExpectedWriters(patience: .seconds(1))
    writers.willPropose(many, from: 0, underWay: 0, at: now)
    writers.forgetBatch()
    writers.willAnswer(through: 99, present: many, at: now + .seconds(60))
    #expect(writers.patience == .seconds(1))
  }
}
