import AionModel
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// Takes connections at one address, on event loops of its own.
final class Listener: Sendable {
  struct Setup {
    var address: Address
    var security: TransportSecurity
    var policy: AccessPolicy
    var limits: ConnectionLimits
    var threads: Int
    /// Where messages of replicas come in.
    var peerLoop: (any EventLoop)?
  }

  /// Where it listens; with the port that the system chose, when it was asked for port 0.
  let address: Address
  let group: any EventLoopGroup
  let keyring: Keyring
  let meters: TransportMeters
  let peerLoop: (any EventLoop)?
  private let channel: any Channel
  private let guests: Guests
  private let tasks: RequestTasks

  /// Begins to listen.
  ///
  /// - Throws: `ListenFault`; nothing is left behind then.
  static func start(
    _ setup: Setup, for host: any RequestHost
  ) async throws(ListenFault) -> Listener {
    if case .plaintext(beyondLoopback: false) = setup.security, !setup.address.isLoopback {
      throw .plaintextBeyondLoopback(setup.address)
    }
    let keyring: Keyring
    do throws(TLSFault) { keyring = try Keyring(setup.security, setup.policy) } catch {
      throw .tls(error)
    }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: max(1, setup.threads))
    do throws(ListenFault) {
      return try await Listener(setup, on: group, keyring, for: host)
    } catch {
      try? await group.shutdownGracefully()
      throw error
    }
  }

  private init(
    _ setup: Setup, on group: MultiThreadedEventLoopGroup, _ keyring: Keyring,
    for host: any RequestHost
  ) async throws(ListenFault) {
    let (address, limits, meters) = (setup.address, setup.limits, TransportMeters())
    let (guests, tasks, callers) = (Guests(), RequestTasks(on: group), Callers())
    let seats = Seats(limit: limits.connections)
    let relocation = setup.peerLoop.map { Relocation(loop: $0, guests: guests) }
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 256)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelOption(.socketOption(.so_keepalive), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          guard let seat = Seat(among: seats, meters) else {
            meters.excessConnections.add()
            throw ChannelError.connectTimeout(.zero)
          }
          guard guests.add(channel, on: seat) else { throw ChannelError.ioOnClosedChannel }
          if let context = keyring.server {
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
          }
          try Connection.install(
            on: channel, limits: limits, outbox: limits.clientOutbox,
            conversation: HostConversation(
              host: host, keyring: keyring, tasks: tasks, callers: callers, meters: meters,
              relocation: relocation))
        }
      }
    do {
      channel = try await bootstrap.bind(host: address.host, port: address.port).get()
    } catch {
      throw .bind(address, "\(error)")
    }
    let port = channel.localAddress?.port ?? address.port
    self.address = Address(host: address.host, port: port)
    (self.group, self.keyring, self.meters) = (group, keyring, meters)
    (self.guests, self.tasks, peerLoop) = (guests, tasks, setup.peerLoop)
  }

  /// Reads the files of TLS again, and lets in by another policy. Connections that are made from
  /// now on go by that; of those that there are only those end whose certificates were revoked.
  ///
  /// - Throws: Why the files are of no use; everything stays as it was then.
  func renew(_ security: TransportSecurity, _ policy: AccessPolicy) throws(TLSFault) {
    try keyring.renew(security, policy)
    guests.close { [keyring] in keyring.policy.revoked.contains($0.serial) }
  }

  /// Waits until no request is being worked on.
  func waitForRequests() async { await tasks.waitForAll() }

  /// Takes no more connections, and closes those that there are. Requests that are being worked on
  /// are cancelled, and waited for.
  func close() async {
    try? await channel.close()
    await guests.close()
    await tasks.close()
    try? await group.shutdownGracefully()
  }
}

/// Why a process cannot listen.
public enum ListenFault: Error, Hashable, Sendable, CustomStringConvertible {
  case bind(Address, String)
  case plaintextBeyondLoopback(Address)
  case tls(TLSFault)

  public var description: String {
    switch self {
    case .bind(let address, let reason): "cannot listen at \(address): \(reason)"
    case .plaintextBeyondLoopback(let address):
      "\(address) is reachable from other machines and there is no TLS; give certificates, or say "
        + "that plaintext is to go beyond loopback"
    case .tls(let fault): "cannot speak TLS: \(fault)"
    }
  }
}

extension Address {
  /// Whether only this machine reaches it. A name is not looked up; only `localhost` counts.
  package var isLoopback: Bool {
    host == "localhost" || host == "::1"
      || (host.hasPrefix("127.") && (try? SocketAddress(ipAddress: host, port: port)) != nil)
  }
}

/// Counts the connections that there are.
package final class Seats: Sendable {
  private let taken = Atomic<Int>(0)
  private let limit: Int

  package init(limit: Int) { self.limit = limit }

  package func take() -> Bool {
    guard taken.add(1, ordering: .relaxed).newValue <= limit else {
      giveBack()
      return false
    }
    return true
  }

  package func giveBack() { taken.subtract(1, ordering: .relaxed) }
}

/// The seat of one connection. It is given back when the connection ends, wherever it has gone on
/// until then.
final class Seat: Sendable {
  private let seats: Seats
  private let meters: TransportMeters

  /// nil when there is none left.
  init?(among seats: Seats, _ meters: TransportMeters) {
    guard seats.take() else { return nil }
    self.seats = seats
    self.meters = meters
    meters.acceptedConnections.add()
  }

  deinit {
    seats.giveBack()
    meters.endedConnections.add()
  }
}
