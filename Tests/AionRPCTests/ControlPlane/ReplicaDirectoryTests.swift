import AionRPC
import Synchronization
import Testing

@Suite("Whom a client asks next")
struct ReplicaDirectoryTests {
  private let first = Address(host: "a", port: 1)
  private let second = Address(host: "b", port: 1)
  private let clock = TestClock()
  private let directory: ReplicaDirectory

  init() {
    var configuration = RemoteConfiguration(addresses: [first, second], name: "test", seed: 1)
    configuration.attemptTimeout = .seconds(1)
    directory = ReplicaDirectory(configuration) { [clock] in clock.now }
  }

  @Test("One that did not answer is left alone for a while, though others take it for the leader")
  func othersBelieveInIt() {
    directory.led(first)
    #expect(directory.next == first)
    directory.unanswered(first)
    for _ in 0..<3 {
      #expect(directory.next == second)
      directory.heard(leader: first, from: second)
    }
    clock.advance(by: .milliseconds(999))
    directory.heard(leader: first, from: second)
    #expect(directory.next == second, "its time is not over")
    clock.advance(by: .milliseconds(1))
    directory.heard(leader: first, from: second)
    #expect(directory.next == first)
  }

  @Test("It is believed again as soon as it says something itself")
  func itAnswers() {
    directory.unanswered(first)
    directory.led(first)
    #expect(directory.next == first)
    directory.unanswered(first)
    directory.heard(leader: nil, from: first)
    directory.heard(leader: first, from: second)
    #expect(directory.next == first)
  }

  @Test("When none has answered, they are asked in turn all the same")
  func allSilent() {
    directory.unanswered(first)
    directory.unanswered(second)
    #expect(directory.next == first)
    directory.unanswered(first)
    #expect(directory.next == second)
  }
}

/// Shows what it is set to.
private final class TestClock: Sendable {
  private let time = Mutex(ContinuousClock.now)

  var now: ContinuousClock.Instant { time.withLock { $0 } }

  func advance(by duration: Duration) { time.withLock { $0 += duration } }
}
