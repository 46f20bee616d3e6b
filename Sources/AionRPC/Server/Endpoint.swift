public import AionModel
package import NIOCore
import Synchronization

/// A process on the network: takes connections of replicas and clients, and sends to replicas.
///
/// Envelopes are sent once and forgotten: what finds no connection, or one whose outbox is full, is
/// dropped and counted, and the owner is told whom it was for.
public final class Endpoint: Sendable {
  /// How an endpoint is set up.
  public struct Setup: Sendable {
    /// Where to listen; port 0 lets the system choose.
    public var address: Address
    /// What it shows to others and whom it believes.
    public var security = TransportSecurity.plaintext()
    /// What clients may do.
    public var policy = AccessPolicy.trustful
    /// Of all connections, those that it makes itself among them.
    public var limits = ConnectionLimits()
    /// Threads that connections share.
    public var threads = 2
    /// Where messages of replicas leave and, unless they come over TLS, come in; nil: on those
    /// threads, too.
    package var peerLoop: (any EventLoop)?
    /// Of reconnections' jitter.
    public var seed: UInt64
    /// Told whom something was dropped for; from any thread.
    public var dropped: @Sendable (ReplicaID) -> Void = { _ in }
    /// Told to whom a connection broke, as it does when the other process ends; from any thread.
    public var lost: @Sendable (ReplicaID) -> Void = { _ in }
    /// Told why a replica cannot be reached, once for each reason; from any thread.
    public var notReached: @Sendable (ReplicaID, ConnectionEnd) -> Void = { _, _ in }

    /// One that speaks plaintext and lets everybody do everything.
    public init(address: Address, seed: UInt64) {
      self.address = address
      self.seed = seed
    }
  }

  /// Where it listens.
  public var address: Address { listener.address }
  /// Counts what it does, and what is done to it.
  public var meters: TransportMeters { listener.meters }

  private let listener: Listener
  private let terms: PeerLink.Terms
  private let state: Mutex<State>

  private struct State {
    var links: [ReplicaID: Links] = [:]
    var chance: SplitMix64
    var isClosed = false
  }

  private struct Links {
    var messages: PeerLink
    var snapshots: PeerLink
  }

  private init(_ listener: Listener, terms: PeerLink.Terms, seed: UInt64) {
    self.listener = listener
    self.terms = terms
    state = Mutex(State(chance: SplitMix64(seed: seed)))
  }

  /// Begins to listen.
  ///
  /// - Throws: `ListenFault`; nothing is left behind then.
  public static func start(
    _ setup: Setup, for host: any Host
  ) async throws(ListenFault) -> Endpoint {
    let listener = try await Listener.start(
      Listener.Setup(
        address: setup.address, security: setup.security, policy: setup.policy,
        limits: setup.limits, threads: setup.threads, peerLoop: setup.peerLoop),
      for: host)
    let terms = PeerLink.Terms(
      host: host, keyring: listener.keyring, limits: setup.limits, meters: listener.meters,
      dropped: setup.dropped, lost: setup.lost, notReached: setup.notReached)
    return Endpoint(listener, terms: terms, seed: setup.seed)
  }

  /// Reads the files of TLS again, and lets in by another policy. Connections that are made from
  /// now on go by that; of those that there are only those end whose certificates were revoked.
  ///
  /// - Throws: Why the files are of no use; everything stays as it was then.
  public func renew(_ security: TransportSecurity, _ policy: AccessPolicy) throws(TLSFault) {
    try listener.renew(security, policy)
    for links in state.withLock({ Array($0.links.values) }) {
      links.messages.closeIfRevoked()
      links.snapshots.closeIfRevoked()
    }
  }

  /// Closes all connections, and listens no more. Requests that are being worked on are cancelled,
  /// and waited for.
  public func close() async {
    let links = state.withLock { state in
      state.isClosed = true
      defer { state.links = [:] }
      return Array(state.links.values)
    }
    for link in links {
      link.messages.close()
      link.snapshots.close()
    }
    await listener.close()
  }
}

// MARK: - Sending

extension Endpoint {
  /// Connects to a replica, or follows it to where it is now.
  public func connect(to peer: ReplicaID, at address: Address) {
    let links = state.withLock { state -> Links? in
      guard !state.isClosed else { return nil }
      if let links = state.links[peer] { return links }
      let loop = listener.group.next()
      func link(_ lane: Hello.Lane, on loop: any EventLoop) -> PeerLink {
        PeerLink(
          to: peer, at: address, lane: lane, on: loop, seed: state.chance.next(), terms: terms)
      }
      let links = Links(
        messages: link(.messages, on: listener.peerLoop ?? loop),
        snapshots: link(.snapshots, on: loop))
      state.links[peer] = links
      return links
    }
    for link in [links?.messages, links?.snapshots] {
      link?.move(to: address)
      link?.start()
    }
  }

  /// A replica was heard of by itself: whoever waits before the next attempt at it waits no longer.
  public func connectNow(to peer: ReplicaID) {
    let links = state.withLock { $0.links[peer] }
    links?.messages.start()
    links?.snapshots.start()
  }

  /// Ends the connections to a replica that is no member any more.
  public func disconnect(from peer: ReplicaID) {
    let links = state.withLock { $0.links.removeValue(forKey: peer) }
    links?.messages.close()
    links?.snapshots.close()
  }

  /// Sends, or drops. Envelopes of one lane arrive in order, or not at all.
  public func send(_ envelope: [UInt8], to peer: ReplicaID, over lane: Hello.Lane = .messages) {
    guard let links = state.withLock({ $0.links[peer] }) else {
      meters.droppedEnvelopes.add()
      return terms.dropped(peer)
    }
    switch lane {
    case .messages: links.messages.send(envelope)
    case .snapshots: links.snapshots.send(envelope)
    }
  }

  /// How it stands with the replicas that it connects to, by ascending id.
  public var standings: [PeerStanding] {
    state.withLock { $0.links }.sorted { $0.key < $1.key }.map { peer, links in
      let (isOpen, end) = links.messages.standing
      return PeerStanding(replica: peer, isConnected: isOpen, lastEnd: end)
    }
  }
}

/// How it stands with a replica that this process connects to.
public struct PeerStanding: Hashable, Sendable {
  /// Which replica.
  public var replica: ReplicaID
  /// Whether messages can be sent to it at the moment.
  public var isConnected: Bool
  /// Why there is no connection, once one was tried.
  public var lastEnd: ConnectionEnd?
}
