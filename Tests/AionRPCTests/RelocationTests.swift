import AionModel
import AionRPC
import Dispatch
import NIOCore
import NIOPosix
import Synchronization
import Testing

@Suite("An event loop for what replicas say to each other", .timeLimit(.minutes(1)))
struct RelocationTests {
  private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  private var loop: any EventLoop { group.any() }

  /// Starts a replica that hears others on the loop, and notes on which it has heard them.
  private func start(
    _ host: TestHost, noting places: Places, security: TransportSecurity = .plaintext()
  ) async throws -> Endpoint {
    let loop = loop
    host.listens = { places.note(loop.inEventLoop) }
    return try await Endpoint.start(for: host) {
      $0.peerLoop = loop
      $0.threads = 1
      $0.security = security
    }
  }

  /// Where envelopes came in: true is on the loop.
  private final class Places: Sendable {
    private let seen = Mutex<[Bool]>([])

    func note(_ isOnLoop: Bool) { seen.withLock { $0.append(isOnLoop) } }

    var all: [Bool] { seen.withLock { $0 } }
  }

  @Test(
    "What a replica sends comes in there, in order; what is a client's, or a snapshot's, does not")
  func moves() async throws {
    let (host, places) = (TestHost(2), Places())
    let to = try await start(host, noting: places)
    let from = try await Endpoint.start(for: TestHost(1))
    from.connect(to: 2, at: to.address)
    await from.untilConnected(to: 2)
    let envelopes = (0..<100 as Range<UInt8>).map { [$0] }
    for envelope in envelopes { from.send(envelope, to: 2) }
    #expect(await host.next(100).map(\.envelope) == envelopes)
    #expect(places.all == Array(repeating: true, count: 100))
    from.send([100], to: 2, over: .snapshots)
    #expect(await host.next(1).map(\.envelope) == [[100]])
    #expect(places.all.last == false)

    let requests = Places()
    host.begins = { [loop] request, _, answer in
      requests.note(loop.inEventLoop)
      answer { .answer(request.payload) }
      return true
    }
    let client = try await ClientConnection.open(to: to.address, as: "client")
    #expect(try await client.call(Request([7], timeout: .seconds(60))) == [7])
    #expect(requests.all == [false])
    client.close()
    await from.close()
    await to.close()
    try await group.shutdownGracefully()
  }

  @Test("A connection that was moved is one connection, and its end is told once")
  func countsOnce() async throws {
    let (host, places) = (TestHost(2), Places())
    let to = try await start(host, noting: places)
    let from = try await Endpoint.start(for: TestHost(1))
    from.connect(to: 2, at: to.address)
    await from.untilConnected(to: 2)
    from.send([1], to: 2)
    _ = await host.next(1)
    #expect(places.all == [true])
    // That of snapshots may come later.
    while to.meters.acceptedConnections.value < 2 { await Task.yield() }
    #expect(to.meters.acceptedConnections.value == 2 && to.meters.openConnections == 2)
    await from.close()
    while to.meters.openConnections > 0 { await Task.yield() }
    #expect(host.losses == [1])
    #expect(to.meters.endedConnections.value == 2 && to.meters.refusedHellos.value == 0)
    await to.close()
    try await group.shutdownGracefully()
  }

  @Test("Over TLS a replica is heard where it was taken")
  func staysWithTLS() async throws {
    let authority = try TestCertificates()
    let (host, places) = (TestHost(2), Places())
    let to = try await start(host, noting: places, security: authority.replica("node-2"))
    let own = try authority.replica("node-1")
    let from = try await Endpoint.start(for: TestHost(1)) { $0.security = own }
    from.connect(to: 2, at: to.address)
    await from.untilConnected(to: 2)
    from.send([1], to: 2)
    #expect(await host.next(1).map(\.envelope) == [[1]])
    #expect(places.all == [false])
    await from.close()
    await to.close()
    try await group.shutdownGracefully()
  }

  @Test("What is sent on the loop itself leaves before the loop does anything else")
  func leavesAtOnce() async throws {
    let host = TestHost(1)
    let loop = loop
    let from = try await Endpoint.start(for: host) { $0.peerLoop = loop }
    let listener = TestHost(2)
    let to = try await Endpoint.start(for: listener)
    from.connect(to: 2, at: to.address)
    await from.untilConnected(to: 2)
    let arrived = DispatchSemaphore(value: 0)
    listener.listens = { arrived.signal() }
    // The loop is held up until the other side has heard of it.
    let outcome = try await loop.submit {
      from.send([1], to: 2)
      return arrived.wait(timeout: .now() + .seconds(50))
    }.get()
    #expect(outcome == .success)
    await from.close()
    await to.close()
    try await group.shutdownGracefully()
  }

  @Test("Who calls while the loop is held up is let in, and heard once it is not")
  func letsInMeanwhile() async throws {
    let (host, places) = (TestHost(2), Places())
    let to = try await start(host, noting: places)
    let from = try await Endpoint.start(for: TestHost(1))
    let goOn = DispatchSemaphore(value: 0)
    loop.execute { goOn.wait() }
    from.connect(to: 2, at: to.address)
    await from.untilConnected(to: 2)
    from.send([1], to: 2)
    goOn.signal()
    #expect(await host.next(1).map(\.envelope) == [[1]])
    #expect(places.all == [true])
    await from.close()
    await to.close()
    try await group.shutdownGracefully()
  }
}
