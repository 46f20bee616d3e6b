import AionModel
import NIOCore
import NIOPosix
import NIOSSL

/// Makes connections to other processes.
final class Dialer: Sendable {
  private let limits: ConnectionLimits
  private let context: @Sendable () -> NIOSSLContext?
  private let list: @Sendable () -> RevocationList

  init(limits: ConnectionLimits, security: TransportSecurity) throws(TLSFault) {
    self.limits = limits
    switch security {
    case .plaintext:
      context = { nil }
      list = { RevocationList() }
    case .tls(let files):
      let (read, revoked) = (try files.clientContext(), try files.revocations())
      context = { read }
      list = { revoked }
    }
  }

  /// Goes by what is in the keyring when it dials.
  init(limits: ConnectionLimits, keyring: Keyring) {
    self.limits = limits
    context = { keyring.client }
    list = { keyring.policy.revoked }
  }

  /// Whose certificates are believed no more; whoever is dialled is held against it at the hello.
  var revoked: RevocationList { list() }

  /// Connects, and says hello. What follows, `conversation` is told.
  ///
  /// - Returns: A future that fails when no connection could be made at all.
  func dial(
    _ address: Address, outbox: ByteCount, on loop: any EventLoop,
    _ conversation: @escaping @Sendable () -> any Conversation
  ) -> EventLoopFuture<Void> {
    ClientBootstrap(group: loop)
      .connectTimeout(TimeAmount(limits.helloTime))
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelOption(.socketOption(.so_keepalive), value: 1)
      .channelInitializer { [limits, context = context()] channel in
        channel.eventLoop.makeCompletedFuture {
          if let context {
            try channel.pipeline.syncOperations.addHandler(
              try NIOSSLClientHandler(context: context, serverHostname: address.tlsName))
          }
          try Connection.install(
            on: channel, limits: limits, outbox: outbox, conversation: conversation())
        }
      }
      .connect(host: address.host, port: address.port)
      .map { _ in }
  }
}

extension Address {
  /// The name that the other side's certificate is held against; for a numeric address, the address
  /// itself is, and no name is sent.
  fileprivate var tlsName: String? {
    (try? SocketAddress(ipAddress: host, port: port)) == nil ? host : nil
  }
}
