import AionModel
import AionRPC
import Synchronization
import Testing

@Suite("Clients over loopback", .timeLimit(.minutes(1)))
struct ClientTests {
  private static let patience = Duration.seconds(60)

  private func connect(
    to endpoint: Endpoint, token: String? = nil
  ) async throws -> ClientConnection {
    try await .open(to: endpoint.address, as: "test", token: token)
  }

  @Test("Many tasks ask at a time, and each gets its own answer")
  func answers() async throws {
    let endpoint = try await Endpoint.start(for: TestHost(1))
    let client = try await connect(to: endpoint)
    #expect(client.welcome.role == .admin)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in UInt8(0)..<200 {
        group.addTask {
          let answer = try await client.call(Request([number], timeout: Self.patience))
          #expect(answer == [number])
        }
      }
      try await group.waitForAll()
    }
    #expect(endpoint.meters.requests.value == 200)
    client.close()
    await endpoint.close()
  }

  @Test("Items come in order before the answer, as far as there is credit")
  func items() async throws {
    let host = TestHost(1) { _, _, items in
      for item in UInt8(0)..<100 where await !items.send([item]) { return .answer([0]) }
      return .answer([1])
    }
    let endpoint = try await Endpoint.start(for: host)
    let client = try await connect(to: endpoint)
    let seen = Mutex<[UInt8]>([])
    let answer = try await client.call(Request([], timeout: Self.patience, credit: 4)) { item in
      seen.withLock { $0 += item }
      return true
    }
    #expect(answer == [1])
    #expect(seen.withLock { $0 } == Array(0..<100))
    await endpoint.close()
  }

  @Test("A service whose client takes no more is told so, and its task is cancelled")
  func leaving() async throws {
    let (told, tell) = AsyncStream<Bool>.makeStream()
    let host = TestHost(1) { _, _, items in
      while await items.send([1]) {}
      tell.yield(Task.isCancelled)
      return .answer([])
    }
    let endpoint = try await Endpoint.start(for: host)
    let client = try await connect(to: endpoint)
    await #expect(throws: RequestFailure.cancelled) {
      try await client.call(Request([], timeout: Self.patience, credit: 2)) { _ in false }
    }
    var outcomes = told.makeAsyncIterator()
    #expect(await outcomes.next() != nil)
    await endpoint.close()
  }

  @Test("A cancelled caller stops waiting at once")
  func cancelled() async throws {
    let (begun, begin) = AsyncStream<Void>.makeStream()
    let host = TestHost(1) { _, _, items in
      begin.yield()
      // No credit was given: this waits until the client has left.
      _ = await items.send([])
      return .answer([])
    }
    let endpoint = try await Endpoint.start(for: host)
    let client = try await connect(to: endpoint)
    let task = Task { try await client.call(Request([], timeout: Self.patience)) }
    var iterator = begun.makeAsyncIterator()
    await iterator.next()
    task.cancel()
    await #expect(throws: RequestFailure.cancelled) { try await task.value }
    await endpoint.close()
  }

  @Test("A request that takes longer than its client waits is ended")
  func timedOut() async throws {
    let host = TestHost(1) { _, _, items in
      _ = await items.send([])
      return .answer([])
    }
    let endpoint = try await Endpoint.start(for: host)
    let client = try await connect(to: endpoint)
    await #expect(throws: RequestFailure.timedOut) {
      try await client.call(Request([], timeout: .milliseconds(1)))
    }
    await endpoint.close()
  }

  @Test("One request too many is refused, and those under way are answered")
  func tooMany() async throws {
    let (begun, begin) = AsyncStream<Void>.makeStream()
    let host = TestHost(1) { _, _, items in
      begin.yield()
      return await items.send([]) ? .answer([1]) : .answer([0])
    }
    let endpoint = try await Endpoint.start(for: host) { $0.limits.requestsInFlight = 1 }
    let client = try await connect(to: endpoint)
    let task = Task { try await client.call(Request([], timeout: Self.patience)) }
    var iterator = begun.makeAsyncIterator()
    await iterator.next()
    await #expect(throws: RequestFailure.tooManyRequests(limit: 1)) {
      try await client.call(Request([], timeout: Self.patience))
    }
    task.cancel()
    _ = await task.result
    await endpoint.close()
  }

  @Test("Requests that wait when the connection ends are told so, and later ones too")
  func disconnected() async throws {
    let (begun, begin) = AsyncStream<Void>.makeStream()
    let host = TestHost(1) { _, _, items in
      begin.yield()
      _ = await items.send([])
      return .answer([])
    }
    let endpoint = try await Endpoint.start(for: host)
    let client = try await connect(to: endpoint)
    let task = Task { try await client.call(Request([], timeout: Self.patience)) }
    var iterator = begun.makeAsyncIterator()
    await iterator.next()
    await endpoint.close()
    await #expect(throws: RequestFailure.disconnected(.closed)) { try await task.value }
    #expect(!client.isOpen)
    await #expect(throws: RequestFailure.disconnected(.closed)) {
      try await client.call(Request([], timeout: Self.patience))
    }
  }

  @Test("A token decides the role; an unknown one lets nobody in")
  func tokens() async throws {
    let host = TestHost(1) { _, client, _ in .answer([client.role.rawValue]) }
    let endpoint = try await Endpoint.start(for: host) {
      $0.policy = AccessPolicy(
        tokens: [AccessToken("r", role: .reader), AccessToken("secret", role: .writer)],
        anonymousRole: nil, requiresReplicaCertificate: false)
    }
    let writer = try await connect(to: endpoint, token: "secret")
    #expect(writer.welcome.role == .writer)
    #expect(try await writer.call(Request([], timeout: Self.patience)) == [2])
    for token in ["", "secre", "secret!", "S"] as [String] {
      await #expect(throws: ConnectionEnd.refused(.unauthenticated("unknown token"))) {
        _ = try await connect(to: endpoint, token: token)
      }
    }
    await #expect(throws: ConnectionEnd.self) { _ = try await connect(to: endpoint) }
    #expect(endpoint.meters.refusedHellos.value == 5)
    await endpoint.close()
  }
}
