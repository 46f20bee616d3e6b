import AionCluster
import AionModel
import Synchronization
import Testing

@Suite("A caller that waits for the log")
struct WaiterTests {
  @Test("It gets the answer")
  func getsAnswer() async throws {
    let waiter = Waiter<Int>()
    let value = try await waiter.wait { $0.resume(.success(7)) }
    #expect(value == 7)
  }

  @Test("What handing it over throws is the answer")
  func submitFails() async {
    let waiter = Waiter<Int>()
    await #expect(throws: ClusterError.closed) {
      try await waiter.wait { (_) throws(ClusterError) in throw .closed }
    }
  }

  @Test("The first answer counts, later ones do nothing")
  func firstAnswerCounts() async throws {
    let waiter = Waiter<Int>()
    let value = try await waiter.wait {
      $0.resume(.success(1))
      $0.resume(.success(2))
      $0.resume(.failure(.closed))
    }
    #expect(value == 1)
  }

  @Test("A cancelled caller stops waiting, before or after it began")
  func cancels() async {
    let waiting = Task { try await Waiter<Int>().wait { _ in } }
    waiting.cancel()
    await #expect(throws: ClusterError.cancelled) { try await waiting.value }
  }

  @Test("Cancelling one caller leaves the others waiting for their own answers")
  func cancellationDisturbsNobody() async throws {
    let first = Waiter<Int>()
    let second = Waiter<Int>()
    let cancelled = Task { try await first.wait { _ in } }
    let other = Task { try await second.wait { _ in } }
    cancelled.cancel()
    await #expect(throws: ClusterError.cancelled) { try await cancelled.value }
    first.resume(.success(1))
    second.resume(.success(2))
    #expect(try await other.value == 2)
  }

  @Test("Who is called instead of waiting is called once, with the first answer")
  func calls() {
    let heard = Mutex<[Waiter<Int>.Answer]>([])
    let waiter = Waiter<Int> { answer in heard.withLock { $0.append(answer) } }
    #expect(!waiter.isAnswered)
    waiter.resume(.success(1))
    waiter.resume(.failure(.closed))
    #expect(waiter.isAnswered)
    #expect(heard.withLock { $0 } == [.success(1)])
  }
}
