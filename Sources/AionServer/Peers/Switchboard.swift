import AionCluster
import AionLog
import AionModel
import AionNode
import AionRPC
import AionRaft
import Logging
import Synchronization

/// Stands between a replica and the network: who connects to whom, and what is passed on.
final class Switchboard: Host, ReplicaOutlet {
  fileprivate struct State {
    var identity: PeerIdentity
    var book: PeerBook
    var endpoint: Endpoint?
    var plane: ReplicatedControlPlane?
    var membership = Membership()
    var leadership = NodeLeadership(role: .follower, leader: nil, term: .zero)
    var fault: NodeFault?
    var isLeaving = false
    /// Requests of clients that are being worked on.
    var serving = 0
    /// Replicas whose refusal was told to the operator.
    var toldRefusals: Set<ReplicaID> = []
    /// Callers who were not let in are told of so often.
    var turnedAway = LogThrottle(interval: .seconds(10))
  }

  let cluster: ClusterID
  /// Hears the agents of nodes.
  let watch: NodeWatch
  private let directory: String
  private let logger: Logger
  private let state: Mutex<State>
  /// Told when the process has nothing more to do here.
  private let giveUp: @Sendable (ServerFault) -> Void

  init(
    _ identity: PeerIdentity, of cluster: ClusterID, in directory: String, book: PeerBook,
    watch: NodeWatch, logger: Logger, giveUp: @escaping @Sendable (ServerFault) -> Void
  ) {
    self.cluster = cluster
    self.directory = directory
    self.watch = watch
    self.logger = logger
    self.giveUp = giveUp
    state = Mutex(State(identity: identity, book: book))
  }

  /// Begins to pass on.
  func plug(_ endpoint: Endpoint, address: String) {
    state.withLock { state in
      state.endpoint = endpoint
      state.identity.address = address
    }
    connect()
  }

  func plug(_ plane: ReplicatedControlPlane) {
    let names = state.withLock { state in
      state.plane = plane
      return state.book.names
    }
    plane.name(names)
  }

  /// Nothing more is served or passed on to the replica.
  func unplug() {
    state.withLock { state in
      state.plane = nil
      state.endpoint = nil
    }
  }

  func leave() { state.withLock { $0.isLeaving = true } }

  var plane: ReplicatedControlPlane? { state.withLock { $0.plane } }
  /// nil also while the process leaves.
  var planeForWrites: ReplicatedControlPlane? {
    state.withLock { $0.isLeaving ? nil : $0.plane }
  }
  var endpoint: Endpoint? { state.withLock { $0.endpoint } }
  var leadership: NodeLeadership { state.withLock { $0.leadership } }
  var serving: Int { state.withLock { $0.serving } }
  var isLeaving: Bool { state.withLock { $0.isLeaving } }
  var fault: NodeFault? { state.withLock { $0.fault } }
  var book: PeerBook { state.withLock { $0.book } }
}

// MARK: - For those who connect

extension Switchboard {
  var identity: PeerIdentity { state.withLock { $0.identity } }

  /// Those who were removed are of use to nobody: whoever joins would dial them.
  var peers: [PeerIdentity] {
    state.withLock { state in
      let others = state.book.peers.filter {
        $0.replica != state.identity.replica && state.needs($0.replica)
      }
      return (others + [state.identity]).sorted { $0.replica < $1.replica }
    }
  }

  func met(_ peer: PeerIdentity) {
    note(peer) { $0.note(peer) }
    endpoint?.connectNow(to: peer.replica)
  }

  func heard(of peer: PeerIdentity) { note(peer) { $0.noteHearsay(peer) } }

  private func note(_ peer: PeerIdentity, _ write: (inout PeerBook) -> Bool) {
    let (isNews, book, plane) = state.withLock { state in
      guard peer.replica != state.identity.replica else {
        return (false, state.book, state.plane)
      }
      state.makeRoomInBook()
      return (write(&state.book), state.book, state.plane)
    }
    guard isNews else { return }
    logger.info(
      "peer", metadata: ["replica": "\(peer.replica)", "address": "\(peer.address)"])
    book.save(in: directory)
    plane?.name(book.names)
    connect()
  }

  func received(_ envelope: [UInt8], from peer: ReplicaID) {
    // What cannot be read is lost, as on a bad network; its sender must not be believed otherwise.
    guard let plane, let decoded = try? Envelope(decoding: envelope), decoded.from == peer else {
      return
    }
    plane.receive(decoded, size: ByteCount(envelope.count))
  }

  func lost(_ peer: ReplicaID) { plane?.peerLost(peer) }

  func turnedAway(_ end: ConnectionEnd, from address: String) {
    guard let kept = state.withLock({ $0.turnedAway.pass(at: .now) }) else { return }
    var metadata: Logger.Metadata = ["from": "\(address)", "reason": "\(end)"]
    if kept > 0 { metadata["before"] = "\(kept) more" }
    logger.warning("a caller was not let in", metadata: metadata)
  }

  /// A replica cannot be reached.
  func notReached(_ peer: ReplicaID, because end: ConnectionEnd) {
    let address = book[peer]?.address ?? "?"
    let metadata: Logger.Metadata = [
      "replica": "\(peer)", "address": "\(address)", "reason": "\(end)",
    ]
    switch end {
    // It was stopped, or is not there yet; it will be back.
    case .closed, .network: logger.info("no connection to a replica", metadata: metadata)
    case .fault, .refused, .tls, .unanswered:
      logger.warning("no connection to a replica", metadata: metadata)
    }
  }

  var servesOnEventLoops: Bool { true }

  func begin(
    _ request: Request, for client: ClientIdentity, answer: PendingAnswer
  ) -> Bool {
    guard !JoinRequest.isOne(request.payload) else { return false }
    return OperationServer(ReplicaService(switchboard: self))
      .begin(request, for: client, answer: answer)
  }

  func serve(
    _ request: Request, for client: ClientIdentity, through items: ItemStream
  ) async -> Response {
    state.withLock { $0.serving += 1 }
    defer { state.withLock { $0.serving -= 1 } }
    // Those who join ask in words of their own; all else is an operation of clients.
    if let asked = try? JoinRequest(decoding: request.payload) {
      return await JoinService(switchboard: self).serve(asked, for: client)
    }
    return await OperationServer(ReplicaService(switchboard: self))
      .serve(request, for: client, through: items)
  }
}

// MARK: - For the replica

extension Switchboard {
  func send(_ envelopes: [Envelope]) {
    guard let endpoint else { return }
    for envelope in envelopes {
      endpoint.send(envelope.encoded(), to: envelope.to, over: envelope.lane)
    }
  }

  func leadershipChanged(_ leadership: NodeLeadership) {
    state.withLock { $0.leadership = leadership }
    logger.info(
      "leadership",
      metadata: [
        "role": "\(leadership.role)", "term": "\(leadership.term)",
        "leader": "\(leadership.leader.map(\.description) ?? "none")",
      ])
  }

  func membershipChanged(_ membership: Membership) {
    let wasMember = state.withLock { state in
      defer { state.membership = membership }
      return state.membership.contains(state.identity.replica)
    }
    logger.info(
      "members",
      metadata: ["voters": "\(membership.voters)", "learners": "\(membership.learners)"])
    if wasMember, !membership.contains(identity.replica) {
      logger.warning("this replica is no member of its group any more")
    }
    connect()
  }

  func refused(_ refusal: Refused) {
    guard state.withLock({ $0.toldRefusals.insert(refusal.replica).inserted }) else { return }
    let metadata: Logger.Metadata = [
      "replica": "\(refusal.replica)", "reason": "\(refusal.reason)",
    ]
    guard refusal.isOwn else {
      return logger.warning("an envelope of a stranger was not taken", metadata: metadata)
    }
    logger.error("another replica does not hear this one", metadata: metadata)
    // Of a directory that holds something an old friend may be wrong; a blank one is new.
    guard case .otherIncarnation = refusal.reason, let plane,
      plane.status().storage.appliedIndex == .zero
    else { return }
    giveUp(.strangeDirectory(identity.replica, path: directory))
  }

  func warned(_ fault: LogFault) { logger.warning("\(fault)") }

  func failed(_ fault: NodeFault) {
    state.withLock { $0.fault = fault }
    logger.critical("this replica takes no part any more: \(fault)")
  }

  /// Connects to those who are needed, and to nobody else.
  private func connect() {
    let (endpoint, wanted, unwanted) = state.withLock { state in
      let others = state.book.peers.filter { $0.replica != state.identity.replica }
      return (
        state.endpoint, others.filter { state.needs($0.replica) },
        others.filter { !state.needs($0.replica) }
      )
    }
    guard let endpoint else { return }
    for peer in wanted {
      if let address = Address(peer.address) { endpoint.connect(to: peer.replica, at: address) }
    }
    for peer in unwanted { endpoint.disconnect(from: peer.replica) }
  }
}

extension Switchboard.State {
  /// Members that were replaced over the years do not keep new ones out.
  fileprivate mutating func makeRoomInBook() {
    let needed = book.peers.map(\.replica).filter { needs($0) }
    book.makeRoom { needed.contains($0) }
  }

  /// A replica that knows no members yet, or is none itself, answers whoever speaks to it.
  fileprivate func needs(_ replica: ReplicaID) -> Bool {
    membership.contains(replica) || !membership.contains(identity.replica)
  }
}

extension Envelope {
  /// Pieces of a snapshot go beside everything else, so that heartbeats do not wait for them.
  fileprivate var lane: Hello.Lane {
    if case .snapshotChunk = body { .snapshots } else { .messages }
  }
}
