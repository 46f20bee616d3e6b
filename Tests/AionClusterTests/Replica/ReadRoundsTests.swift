import AionCluster
import AionModel
import AionNode
import Synchronization
import Testing

@Suite("Rounds of reads")
struct ReadRoundsTests {
  /// The answers to reads, under the numbers of those who asked.
  private final class Answers: Sendable {
    private let heard = Mutex<[Int: Waiter<LogIndex>.Answer]>([:])

    func reader(_ number: Int) -> Waiter<LogIndex> {
      Waiter { answer in self.heard.withLock { $0[number] = answer } }
    }

    var all: [Int: Waiter<LogIndex>.Answer] { heard.withLock { $0 } }
  }

  @Test("All who gather while a round is under way are the next one")
  func gathers() {
    var rounds = ReadRounds()
    let answers = Answers()
    #expect(rounds.begin() == nil)
    rounds.add(answers.reader(1))
    #expect(rounds.begin() == 1)
    rounds.add(answers.reader(2))
    rounds.add(answers.reader(3))
    #expect(rounds.begin() == nil)
    rounds.answer(.ready(1, index: 5))
    #expect(answers.all == [1: .success(5)], "they asked after it had begun")
    #expect(rounds.begin() == 2)
    rounds.answer(.ready(2, index: 6))
    #expect(answers.all == [1: .success(5), 2: .success(6), 3: .success(6)])
  }

  @Test("A round that fails makes room as well")
  func fails() {
    var rounds = ReadRounds()
    let answers = Answers()
    rounds.add(answers.reader(1))
    #expect(rounds.begin() == 1)
    rounds.add(answers.reader(2))
    rounds.answer(.failed(1, .closed))
    #expect(answers.all == [1: .failure(.closed)])
    #expect(rounds.begin() == 2)
  }

  @Test("One whose answer is lost holds the next up for a tick; a late answer is still one")
  func lost() {
    var rounds = ReadRounds()
    let answers = Answers()
    rounds.add(answers.reader(1))
    #expect(rounds.begin() == 1)
    rounds.add(answers.reader(2))
    #expect(rounds.begin() == nil)
    rounds.tick()
    #expect(rounds.begin() == 2)
    rounds.add(answers.reader(3))
    rounds.answer(.ready(1, index: 5))
    #expect(rounds.begin() == nil, "the second round is under way")
    rounds.answer(.ready(2, index: 5))
    #expect(rounds.begin() == 3)
    rounds.failAll(.closed)
    #expect(answers.all == [1: .success(5), 2: .success(5), 3: .failure(.closed)])
  }
}
