import AionModel
import NIOCore
import Synchronization

/// Sends to one replica, over one connection that it makes and makes again.
///
/// Nothing is kept for a replica that cannot be reached, or that reads too slowly: raft sends again
/// what still matters.
final class PeerLink: Sendable {
  /// What a link needs to be made.
  struct Terms: Sendable {
    var host: any Host
    var keyring: Keyring
    var limits: ConnectionLimits
    var meters: TransportMeters
    /// Told when something was dropped, so that raft does not wait for it.
    var dropped: @Sendable (ReplicaID) -> Void
    /// Told when a connection that was open has ended.
    var lost: @Sendable (ReplicaID) -> Void
    /// Told once for each reason why there is no connection.
    var notReached: @Sendable (ReplicaID, ConnectionEnd) -> Void
  }

  private enum Phase {
    case resting
    case dialing
    case open(Outbox)
    case closed
  }

  private struct State {
    var phase = Phase.resting
    var address: Address
    var backoff: Backoff
    var pace: Pace
    var lastEnd: ConnectionEnd?
    var hasBeenOpen = false
    /// Of the certificate that the replica showed.
    var serial: CertificateSerial?
  }

  let peer: ReplicaID
  private let lane: Hello.Lane
  private let terms: Terms
  private let loop: any EventLoop
  private let state: Mutex<State>

  init(
    to peer: ReplicaID, at address: Address, lane: Hello.Lane, on loop: any EventLoop, seed: UInt64,
    terms: Terms
  ) {
    self.peer = peer
    self.lane = lane
    self.loop = loop
    self.terms = terms
    state = Mutex(
      State(
        address: address, backoff: Backoff(seed: seed, within: terms.limits.redialPauses),
        pace: Pace(bytesPerSecond: terms.limits.snapshotBytesPerSecond)))
  }

  /// Sends, or drops. Pieces of snapshots are held to their pace.
  func send(_ envelope: [UInt8]) {
    let delay = state.withLock { state -> TimeAmount in
      guard lane == .snapshots, case .open = state.phase else { return .zero }
      return state.pace.delay(of: ByteCount(envelope.count), at: .now())
    }
    guard delay > .zero else { return sendNow(envelope) }
    // What is held back is bounded by the sender, who has one piece under way to a follower.
    loop.scheduleTask(in: delay) { [self] in sendNow(envelope) }
  }

  private func sendNow(_ envelope: [UInt8]) {
    let outbox = state.withLock { state -> Outbox? in
      if case .open(let outbox) = state.phase { outbox } else { nil }
    }
    if let outbox, outbox.send(Frame(.envelope, payload: envelope), atOnce: lane == .messages) {
      terms.meters.sentEnvelopes.add()
      terms.meters.sentEnvelopeBytes.add(UInt64(envelope.count))
    } else {
      terms.meters.droppedEnvelopes.add()
      terms.dropped(peer)
    }
  }

  /// Connects, unless it does already.
  func start() {
    let address = state.withLock { state -> Address? in
      guard case .resting = state.phase else { return nil }
      state.phase = .dialing
      return state.address
    }
    if let address { dial(address) }
  }

  /// Where the replica is to be found from now on.
  func move(to address: Address) { state.withLock { $0.address = address } }

  func close() {
    let outbox = state.withLock { state -> Outbox? in
      defer { state.phase = .closed }
      if case .open(let outbox) = state.phase { return outbox }
      return nil
    }
    outbox?.close()
  }

  /// Ends a connection to a replica whose certificate is believed no more.
  func closeIfRevoked() {
    let outbox = state.withLock { state -> Outbox? in
      guard case .open(let outbox) = state.phase, let serial = state.serial,
        terms.keyring.policy.revoked.contains(serial)
      else { return nil }
      return outbox
    }
    outbox?.close()
  }

  /// Whether a connection is there, and if not, why the last one ended.
  var standing: (isOpen: Bool, lastEnd: ConnectionEnd?) {
    state.withLock { state in
      if case .open = state.phase { (true, nil) } else { (false, state.lastEnd) }
    }
  }
}

// MARK: Connecting

extension PeerLink {
  private func dial(_ address: Address) {
    terms.meters.startedSessions.add()
    let hello = Hello(
      cluster: terms.host.cluster, addressee: .replica(peer),
      caller: .replica(terms.host.identity, lane), frameLimit: terms.limits.frame)
    let dialer = Dialer(limits: terms.limits, keyring: terms.keyring)
    dialer.dial(address, outbox: terms.limits.peerOutbox, on: loop) {
      [self, revoked = dialer.revoked] in
      CallerConversation(hello, revoked: revoked) { outcome in self.settle(outcome) }
    }.whenFailure { [self] error in ended(ConnectionEnd(error)) }
  }

  private func settle(_ outcome: CallerConversation.Outcome) -> (any Conversation)? {
    switch outcome {
    case .admitted(let welcome, let connection):
      let serial = connection.peerCertificate?.serial
      let (isWanted, isFirst) = state.withLock { state in
        if case .closed = state.phase { return (false, false) }
        defer { state.hasBeenOpen = true }
        state.phase = .open(connection.outbox)
        state.serial = serial
        state.lastEnd = nil
        state.backoff.succeeded()
        return (true, !state.hasBeenOpen)
      }
      terms.meters.succeededSessions.add()
      if isWanted, !isFirst { terms.meters.reconnects.add() }
      if case .replica(let host) = welcome.host { terms.host.met(host) }
      for peer in welcome.peers where .replica(peer) != welcome.host { terms.host.heard(of: peer) }
      return isWanted ? PeerSilence { [self] in ended($0) } : nil
    case .ended(let end):
      ended(end)
      return nil
    }
  }

  private func ended(_ end: ConnectionEnd) {
    let (pause, wasOpen, isNews) = state.withLock { state -> (TimeAmount?, Bool, Bool) in
      let wasOpen: Bool
      switch state.phase {
      case .closed: return (nil, false, false)
      case .open: wasOpen = true
      case .resting, .dialing: wasOpen = false
      }
      if !wasOpen { terms.meters.failedSessions.add() }
      state.phase = .resting
      defer { state.lastEnd = end }
      return (TimeAmount(state.backoff.next()), wasOpen, state.lastEnd != end)
    }
    // Of its two connections one is enough to hear of.
    if wasOpen, lane == .messages { terms.lost(peer) }
    if isNews, lane == .messages { terms.notReached(peer, end) }
    if let pause { loop.scheduleTask(in: pause) { [self] in start() } }
  }
}

/// The sending side of a connection between replicas: nothing is to be heard there.
private final class PeerSilence: Conversation {
  private let tell: (ConnectionEnd) -> Void

  init(_ tell: @escaping (ConnectionEnd) -> Void) { self.tell = tell }

  func began(on connection: Connection) {}

  func received(_ frame: Frame, on connection: Connection) throws(FrameFault) {
    throw .unexpected(frame.kind)
  }

  func ended(_ end: ConnectionEnd) { tell(end) }
}
