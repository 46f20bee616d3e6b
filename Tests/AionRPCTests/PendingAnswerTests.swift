import AionCatalog
import AionModel
import AionRPC
import Synchronization
import Testing

@Suite("Requests that need no task", .timeLimit(.minutes(1)))
struct PendingAnswerTests {
  private static let patience = Duration.seconds(60)

  /// Takes requests without answering them, until it is told to.
  private final class Desk: Sendable {
    private let taken = Mutex<[(request: Request, answer: PendingAnswer)]>([])
    private let (stream, taking) = AsyncStream<Void>.makeStream()

    func take(_ request: Request, _ answer: PendingAnswer) {
      taken.withLock { $0.append((request, answer)) }
      taking.yield()
    }

    func untilTaken(_ count: Int) async {
      var left = count
      guard left > 0 else { return }
      for await _ in stream {
        left -= 1
        if left == 0 { return }
      }
    }

    /// Answers all, from a thread that is no event loop.
    func answerAll() {
      for (request, answer) in taken.withLock({ $0 }) { answer { .answer(request.payload) } }
    }
  }

  private func start(_ desk: Desk) async throws -> (Endpoint, ClientConnection) {
    let host = TestHost(1) { _, _, _ in .answer([99]) }
    host.begins = { request, _, answer in
      // Even ones are answered at once, odd ones later, the empty one needs a task.
      guard let number = request.payload.first else { return false }
      if number.isMultiple(of: 2) {
        answer { .answer([number, 1]) }
      } else {
        desk.take(request, answer)
      }
      return true
    }
    let endpoint = try await Endpoint.start(for: host)
    return (endpoint, try await .open(to: endpoint.address, as: "test"))
  }

  @Test("Answered at once or later, by another thread, or in a task: each gets its own answer")
  func answers() async throws {
    let desk = Desk()
    let (endpoint, client) = try await start(desk)
    #expect(try await client.call(Request([2], timeout: Self.patience)) == [2, 1])
    #expect(try await client.call(Request([], timeout: Self.patience)) == [99])
    let asked = (0..<50).map { number in
      Task { try await client.call(Request([UInt8(number * 2 + 1)], timeout: Self.patience)) }
    }
    await desk.untilTaken(50)
    desk.answerAll()
    for (number, task) in asked.enumerated() {
      #expect(try await task.value == [UInt8(number * 2 + 1)])
    }
    client.close()
    await endpoint.close()
  }

  @Test("A client that does not wait any more disturbs nobody")
  func cancelled() async throws {
    let desk = Desk()
    let (endpoint, client) = try await start(desk)
    let asked = Task { try await client.call(Request([1], timeout: Self.patience)) }
    await desk.untilTaken(1)
    asked.cancel()
    await #expect(throws: RequestFailure.cancelled) { try await asked.value }
    // Behind the word that nobody waits.
    #expect(try await client.call(Request([2], timeout: Self.patience)) == [2, 1])
    desk.answerAll()
    #expect(try await client.call(Request([4], timeout: Self.patience)) == [4, 1])
    client.close()
    await endpoint.close()
  }

  @Test("What takes longer than its client waits is ended, and answered in vain")
  func overdue() async throws {
    let desk = Desk()
    let (endpoint, client) = try await start(desk)
    await #expect(throws: RequestFailure.timedOut) {
      try await client.call(Request([1], timeout: .milliseconds(1)))
    }
    desk.answerAll()
    #expect(try await client.call(Request([2], timeout: Self.patience)) == [2, 1])
    client.close()
    await endpoint.close()
  }

  @Test("An endpoint closes though nobody answers, and an answer after that goes nowhere")
  func closing() async throws {
    let desk = Desk()
    let (endpoint, client) = try await start(desk)
    let asked = Task { try await client.call(Request([1], timeout: Self.patience)) }
    await desk.untilTaken(1)
    await endpoint.close()
    await #expect(throws: RequestFailure.self) { try await asked.value }
    desk.answerAll()
  }

  /// Answers where it is asked, and nothing in a task.
  private struct PromptService: ControlPlaneService {
    func propose(_ batch: CommandBatch) async throws(ClusterError) -> Applied { throw .closed }

    func propose(
      _ batch: CommandBatch, done: @escaping @Sendable (Result<Applied, ClusterError>) -> Void
    ) -> Bool {
      done(.failure(.diskFull(path: "/data")))
      return true
    }

    func snapshot(_ freshness: Freshness) async throws(ClusterError) -> ClusterSnapshot {
      throw .closed
    }

    func snapshot(
      for query: Query, _ freshness: Freshness,
      done: @escaping @Sendable (Result<ClusterSnapshot, ClusterError>) -> Void
    ) -> Bool {
      done(.success(ClusterState().snapshot))
      return true
    }

    func changes(from index: LogIndex) async throws(ClusterError) -> ChangePage { throw .closed }

    func status() async -> ServiceStatus {
      let peer = PeerIdentity(replica: 1, name: "node-1", address: "")
      return ServiceStatus(cluster: 7, replica: peer, role: .leader)
    }

    func manage(_ management: Management) async throws(ClusterError) -> ServiceStatus {
      throw .closed
    }

    func heartbeat(_ heartbeat: Heartbeat) async throws(ClusterError) -> HeartbeatAnswer {
      throw .closed
    }
  }

  private func answer(
    to operation: Operation, as role: ClientRole
  ) async throws(RequestFailure) -> OperationAnswer? {
    let host = TestHost(1) { _, _, _ in .answer([]) }
    host.begins = { request, client, answer in
      OperationServer(PromptService()).begin(request, for: client, answer: answer)
    }
    let policy = AccessPolicy(anonymousRole: role, requiresReplicaCertificate: false)
    guard let endpoint = try? await Endpoint.start(for: host, { $0.policy = policy }),
      let client = try? await ClientConnection.open(to: endpoint.address, as: "test")
    else { return nil }
    let request = Request(operation.encoded(), timeout: Self.patience)
    let outcome: Result<[UInt8], RequestFailure>
    do throws(RequestFailure) { outcome = .success(try await client.call(request)) } catch {
      outcome = .failure(error)
    }
    await endpoint.close()
    let payload = try outcome.get()
    return try? OperationAnswer(decoding: payload)
  }

  @Test("A write and a brief read are answered without one, to whom they are allowed; no list is")
  func operations() async throws {
    let write = Operation.propose(CommandBatch(.upsertRole(.superuser(named: "ada"))))
    #expect(try await answer(to: write, as: .writer) == .refused(.diskFull(path: "/data")))
    await #expect(throws: RequestFailure.forbidden(needs: .writer, has: .reader)) {
      try await answer(to: write, as: .reader)
    }
    let read = Operation.read(.roleNamed("anna"), .linearizable)
    let found = try ClusterState().snapshot.answer(to: .roleNamed("anna"))
    #expect(try await answer(to: read, as: .reader) == .read(found))
    // What the task of the host answers is no answer to an operation.
    #expect(try await answer(to: .read(.databases, .linearizable), as: .reader) == nil)
    #expect(try await answer(to: .status, as: .reader) == nil)
  }
}
