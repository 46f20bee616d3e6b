import AionModel
import NIOCore

/// The side that is dialled, until it knows who dials: hears a hello, and answers it.
final class HostConversation: Conversation {
  private let host: any RequestHost
  private let keyring: Keyring
  private let tasks: RequestTasks
  private let callers: Callers
  private let meters: TransportMeters
  private let relocation: Relocation?
  private var timeout: Scheduled<Void>?
  /// As the system shows it.
  private var callerAddress = ""

  init(
    host: any RequestHost, keyring: Keyring, tasks: RequestTasks, callers: Callers,
    meters: TransportMeters, relocation: Relocation?
  ) {
    self.host = host
    self.relocation = relocation
    self.keyring = keyring
    self.tasks = tasks
    self.callers = callers
    self.meters = meters
  }

  func began(on connection: Connection) {
    callerAddress = connection.channel.remoteAddress?.description ?? ""
    timeout = connection.channel.eventLoop.assumeIsolated().scheduleTask(
      in: TimeAmount(connection.limits.helloTime)
    ) { connection.close(because: .fault(.silent)) }
  }

  func received(_ frame: Frame, on connection: Connection) throws(FrameFault) {
    guard frame.kind == .hello else { throw .unexpected(frame.kind) }
    timeout?.cancel()
    let hello = try Hello(in: frame)
    do throws(HelloRefusal) {
      let welcome = try welcome(hello, on: connection)
      // Before it is moved, perhaps to where somebody waits for a disk.
      let answer = Frame(.welcome, payload: welcome.encoded())
      _ = connection.outbox.send(answer, atOnce: true)
      if relocate(connection, hello) { return }
      connection.converse(next(after: hello, welcome, on: connection))
    } catch {
      meters.refusedHellos.add()
      _ = connection.outbox.send(Frame(.refusal, payload: error.encoded()))
      connection.close(because: .refused(error))
    }
  }

  func ended(_ end: ConnectionEnd) {
    timeout?.cancel()
    switch end {
    case .fault: meters.faults.add()
    case .tls: meters.failedHandshakes.add()
    case .refused: break
    case .closed, .unanswered, .network: return
    }
    host.turnedAway(end, from: callerAddress)
  }

  /// Has what a replica sends come in where the replica of this process is.
  private func relocate(_ connection: Connection, _ hello: Hello) -> Bool {
    guard let relocation, case .replica(let peer, .messages) = hello.caller,
      let host = host.replicaHost
    else { return false }
    return relocation.move(connection) { [callers, meters] in
      RelocatedConversation {
        host.met(peer)
        return PeerConversation(
          host: host, peer: peer.replica, lane: .messages, callers: callers, meters: meters)
      }
    }
  }

  private func welcome(
    _ hello: Hello, on connection: Connection
  ) throws(HelloRefusal) -> Welcome {
    let spoken = ProtocolVersion.supported
    let version = min(hello.versions.upperBound, spoken.upperBound)
    guard version >= max(hello.versions.lowerBound, spoken.lowerBound) else {
      throw .version(asked: hello.versions, spoken: spoken)
    }
    if let asked = hello.cluster, asked != host.cluster {
      throw .cluster(asked: asked, found: host.cluster)
    }
    try checkAddressee(of: hello)
    let policy = keyring.policy
    let certificate = connection.peerCertificate
    try policy.checkNotRevoked(certificate)
    let role = try policy.role(of: hello.caller, certificate: certificate?.claims)
    return Welcome(
      version: version, cluster: host.cluster, host: host.introduction, role: role,
      frameLimit: connection.limits.frame, peers: host.replicaHost?.peers ?? [])
  }

  private func checkAddressee(of hello: Hello) throws(HelloRefusal) {
    let own = host.introduction.addressee
    let isMeant =
      hello.addressee.map { $0 == own } ?? (host.replicaHost != nil)
    guard isMeant else { throw .addressee(asked: hello.addressee, found: own) }
    guard case .replica(let peer, _) = hello.caller else { return }
    guard let replica = host.replicaHost?.identity.replica else {
      throw .addressee(asked: nil, found: own)
    }
    if peer.replica == replica { throw .sameReplica(replica) }
  }

  private func next(
    after hello: Hello, _ welcome: Welcome, on connection: Connection
  ) -> any Conversation {
    switch (hello.caller, welcome.role) {
    case (.client(let name, _), let role?):
      let nodes = keyring.policy.nodes(of: role, certificate: connection.peerCertificate?.claims)
      return RequestConversation(
        host: host, client: ClientIdentity(name: name, role: role, nodes: nodes),
        frameLimit: hello.frameLimit, tasks: tasks, meters: meters)
    case (.replica(let peer, let lane), _):
      guard let host = host.replicaHost else { preconditionFailure("a replica was let in") }
      host.met(peer)
      return PeerConversation(
        host: host, peer: peer.replica, lane: lane, callers: callers, meters: meters)
    case (.client, nil): preconditionFailure("a client was let in without a role")
    }
  }
}

/// A replica sends, and is never answered here: answers travel on the connections that go the other
/// way.
final class PeerConversation: Conversation {
  private let host: any Host
  private let peer: ReplicaID
  private let lane: Hello.Lane
  private let callers: Callers
  private let meters: TransportMeters
  /// Of the lane of messages, once it has begun.
  private var number: Int?

  init(
    host: any Host, peer: ReplicaID, lane: Hello.Lane, callers: Callers, meters: TransportMeters
  ) {
    self.host = host
    self.peer = peer
    self.lane = lane
    self.callers = callers
    self.meters = meters
  }

  func began(on connection: Connection) {
    if lane == .messages { number = callers.began(peer) }
  }

  func received(_ frame: Frame, on connection: Connection) throws(FrameFault) {
    guard frame.kind == .envelope else { throw .unexpected(frame.kind) }
    meters.receivedEnvelopes.add()
    meters.receivedEnvelopeBytes.add(UInt64(frame.payload.count))
    host.received(frame.payload, from: peer)
  }

  func ended(_ end: ConnectionEnd) {
    if let number, callers.ended(number, of: peer) { host.lost(peer) }
  }
}
