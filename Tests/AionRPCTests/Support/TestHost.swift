import AionModel
import AionRPC
import Synchronization

/// A process that keeps what it hears, and answers requests as it is told.
final class TestHost: Host {
  typealias Service =
    @Sendable (Request, ClientIdentity, ItemStream) async -> Response

  struct Heard: Equatable, Sendable {
    var from: ReplicaID
    var envelope: [UInt8]
  }

  let cluster: ClusterID
  let identity: PeerIdentity
  private let service: Service
  /// Envelopes in the order in which they came.
  let heard: AsyncStream<Heard>
  private let hear: AsyncStream<Heard>.Continuation
  private let gone = Mutex<[ReplicaID]>([])
  private let known = Mutex<[ReplicaID: PeerIdentity]>([:])
  private let beginning = Mutex<Beginning?>(nil)
  private let listening = Mutex<(@Sendable () -> Void)?>(nil)

  typealias Beginning = @Sendable (Request, ClientIdentity, PendingAnswer) -> Bool

  /// Takes requests on event loops, and those that it says true to without a task.
  var begins: Beginning? {
    get { beginning.withLock { $0 } }
    set { beginning.withLock { $0 = newValue } }
  }

  init(
    _ replica: ReplicaID, cluster: ClusterID = 7,
    service: @escaping Service = { request, _, _ in .answer(request.payload) }
  ) {
    self.cluster = cluster
    identity = PeerIdentity(replica: replica, name: "node-\(replica)", address: "127.0.0.1:1")
    self.service = service
    (heard, hear) = AsyncStream.makeStream()
  }

  var peers: [PeerIdentity] {
    known.withLock { $0.values.sorted { $0.replica < $1.replica } }
  }

  func met(_ peer: PeerIdentity) { known.withLock { $0[peer.replica] = peer } }

  func heard(of peer: PeerIdentity) { met(peer) }

  /// Told of each envelope where it comes in.
  var listens: (@Sendable () -> Void)? {
    get { listening.withLock { $0 } }
    set { listening.withLock { $0 = newValue } }
  }

  func received(_ envelope: [UInt8], from peer: ReplicaID) {
    listens?()
    hear.yield(Heard(from: peer, envelope: envelope))
  }

  func lost(_ peer: ReplicaID) { gone.withLock { $0.append(peer) } }

  /// Replicas whose connection has ended, in the order in which that was told.
  var losses: [ReplicaID] { gone.withLock { $0 } }

  func serve(
    _ request: Request, for client: ClientIdentity, through items: ItemStream
  ) async -> Response {
    await service(request, client, items)
  }

  var servesOnEventLoops: Bool { begins != nil }

  func begin(
    _ request: Request, for client: ClientIdentity, answer: PendingAnswer
  ) -> Bool { begins?(request, client, answer) ?? false }

  /// The next `count` envelopes.
  func next(_ count: Int) async -> [Heard] {
    var heard: [Heard] = []
    for await one in self.heard {
      heard.append(one)
      if heard.count == count { break }
    }
    return heard
  }
}

extension Endpoint {
  /// Listens on loopback, at a port that the system chooses.
  static func start(
    for host: TestHost, _ change: (inout Setup) -> Void = { _ in }
  ) async throws -> Endpoint {
    var setup = Setup(
      address: Address(host: "127.0.0.1", port: 0), seed: host.identity.replica.rawValue)
    change(&setup)
    return try await start(setup, for: host)
  }

  /// Waits until there is a connection to `peer`.
  func untilConnected(to peer: ReplicaID) async {
    while !standings.contains(where: { $0.replica == peer && $0.isConnected }) {
      await Task.yield()
    }
  }

  /// Waits until a connection to `peer` was tried and failed, and says why.
  func untilRefused(by peer: ReplicaID) async -> ConnectionEnd {
    while true {
      if let end = standings.first(where: { $0.replica == peer })?.lastEnd { return end }
      await Task.yield()
    }
  }
}
