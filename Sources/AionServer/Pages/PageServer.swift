import AionRPC
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// A page as it is answered.
struct Page: Sendable {
  var status = HTTPResponseStatus.ok
  var type = "text/plain; charset=utf-8"
  var body: String
}

/// Shows pages over HTTP/1.1 to whoever asks with GET or HEAD. Reads nothing from those who ask
/// but the path.
final class PageServer: Sendable {
  typealias Source = @Sendable (_ path: String) async -> Page

  /// Connections that are held at a time; further ones are closed at once.
  static let connectionLimit = 256
  /// A connection on which nothing happens for this long is closed.
  static let patience = TimeAmount.seconds(30)

  let address: Address
  private let channel: any Channel
  private let group: MultiThreadedEventLoopGroup
  private let protection: PageProtection

  private init(
    _ channel: any Channel, at address: Address, group: MultiThreadedEventLoopGroup,
    _ protection: PageProtection
  ) {
    self.channel = channel
    self.address = address
    self.group = group
    self.protection = protection
  }

  /// Begins to listen.
  ///
  /// Beyond loopback it shows pages over TLS, or in the clear where that was allowed in so many
  /// words.
  static func start(
    at address: Address, security: TransportSecurity, source: @escaping Source
  ) async throws(ServerFault) -> PageServer {
    let protection = PageProtection(try tlsContext(for: address, security))
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let seats = Seats(limit: Self.connectionLimit)
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          guard seats.take() else {
            throw ChannelError.connectTimeout(.zero)
          }
          channel.closeFuture.whenComplete { _ in seats.giveBack() }
          let pipeline = channel.pipeline.syncOperations
          if let context = protection.context {
            try pipeline.addHandler(NIOSSLServerHandler(context: context))
          }
          try pipeline.addHandler(IdleStateHandler(allTimeout: Self.patience))
          try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
          try pipeline.addHandler(PageHandler(source))
        }
      }
    do {
      let channel = try await bootstrap.bind(host: address.host, port: address.port).get()
      let port = channel.localAddress?.port ?? address.port
      return PageServer(
        channel, at: Address(host: address.host, port: port), group: group, protection)
    } catch {
      try? await group.shutdownGracefully()
      throw .listen(.bind(address, "\(error)"))
    }
  }

  private static func tlsContext(
    for address: Address, _ security: TransportSecurity
  ) throws(ServerFault) -> NIOSSLContext? {
    if address.isLoopback { return nil }
    switch security {
    case .plaintext(beyondLoopback: true): return nil
    case .plaintext: throw .listen(.plaintextBeyondLoopback(address))
    case .tls(let files):
      do throws(TLSFault) { return try files.serverContext() } catch { throw .listen(.tls(error)) }
    }
  }

  /// Reads the files of TLS again; connections that are made from now on go by them.
  func renew(_ security: TransportSecurity) throws(ServerFault) {
    protection.context = try Self.tlsContext(for: address, security)
  }

  func close() async {
    try? await channel.close()
    try? await group.shutdownGracefully()
  }
}

/// What pages go over, as it is now.
private final class PageProtection: Sendable {
  private let current: Mutex<NIOSSLContext?>

  init(_ context: NIOSSLContext?) { current = Mutex(context) }

  /// nil: in the clear.
  var context: NIOSSLContext? {
    get { current.withLock { $0 } }
    set { current.withLock { $0 = newValue } }
  }
}
