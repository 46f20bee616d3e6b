import AionModel
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// Takes connections at one address.
final class Listener: Sendable {
  /// Where it listens; with the port that the system chose, when it was asked for port 0.
  let address: Address
  private let channel: any Channel
  private let guests: Guests
  private let keyring: Keyring

  private init(_ channel: any Channel, at address: Address, guests: Guests, keyring: Keyring) {
    self.channel = channel
    self.guests = guests
    self.keyring = keyring
    self.address = address
  }

  /// - Throws: `ListenFault`.
  static func start(
    at address: Address, on group: any EventLoopGroup, limits: ConnectionLimits,
    security: TransportSecurity, keyring: Keyring, host: any RequestHost, tasks: RequestTasks,
    meters: TransportMeters
  ) async throws(ListenFault) -> Listener {
    if case .plaintext(beyondLoopback: false) = security, !address.isLoopback {
      throw .plaintextBeyondLoopback(address)
    }
    let seats = Seats(limit: limits.connections)
    let guests = Guests()
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 256)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelOption(.socketOption(.so_keepalive), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          guard seats.take() else {
            meters.excessConnections.add()
            throw ChannelError.connectTimeout(.zero)
          }
          channel.closeFuture.whenComplete { _ in seats.giveBack() }
          guard guests.add(channel) else { throw ChannelError.ioOnClosedChannel }
          meters.acceptedConnections.add()
          if let context = keyring.server {
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
          }
          try Connection.install(
            on: channel, limits: limits, outbox: limits.clientOutbox,
            conversation: HostConversation(
              host: host, keyring: keyring, tasks: tasks, meters: meters))
        }
      }
    do {
      let channel = try await bootstrap.bind(host: address.host, port: address.port).get()
      let port = channel.localAddress?.port ?? address.port
      return Listener(
        channel, at: Address(host: address.host, port: port), guests: guests, keyring: keyring)
    } catch {
      throw .bind(address, "\(error)")
    }
  }

  /// Closes the connections of those whose certificates have been revoked.
  func closeRevoked() { guests.close { [keyring] in keyring.policy.revoked.contains($0.serial) } }

  /// Takes no more connections, and closes those that there are.
  func close() async {
    try? await channel.close()
    await guests.close()
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
