import AionCatalog
import AionModel
import AionRPC
import ClusterRig
import NIOCore
import NIOPosix
import NIOSSL
import Testing

extension ClusterRig {
  /// Where a node listens.
  func address(of number: Int) -> Address { addresses[number - 1] }

  /// What all nodes together have counted.
  func count(_ metric: String) async throws -> Int {
    var sum = 0
    for number in running {
      let page = try #require(await page("/metrics", of: number)).text
      let line = try #require(page.split(separator: "\n").first { $0.hasPrefix("\(metric) ") })
      sum += Int(try #require(Double(line.dropFirst(metric.count + 1))))
    }
    return sum
  }

  /// Waits until the nodes have counted so much: they do after the other side may have noticed.
  func until(
    _ metric: String, isAtLeast count: Int, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    for _ in 0..<2_000 where try await self.count(metric) >= count { return }
    Issue.record(
      "\(metric) is \(try await self.count(metric)), not \(count)", sourceLocation: sourceLocation)
  }

  /// The group takes a write, and whoever asks next sees it.
  func checkServes(after what: String, sourceLocation: SourceLocation = #_sourceLocation) async {
    var configuration = client
    configuration.timeout = .seconds(60)
    let group = RemoteControlPlane(configuration)
    let role = ClusterRoleDescriptor(name: "after \(what)")
    do {
      _ = try await group.propose(CommandBatch(.upsertRole(role)))
      let found = try await group.answer(to: .roleNamed(role.name)).roles
      #expect(found.map(\.name) == [role.name], sourceLocation: sourceLocation)
    } catch {
      Issue.record("no write after \(what): \(error)", sourceLocation: sourceLocation)
    }
    await group.close()
  }

  /// How a client is let down that shows this.
  func refusal(
    of security: TransportSecurity, at number: Int = 1, token: String? = nil
  ) async -> String {
    do throws(ConnectionEnd) {
      let client = try await ClientConnection.open(
        to: address(of: number), as: "stranger", token: token, security: security)
      client.close()
      return "let in as \(String(describing: client.welcome.role))"
    } catch {
      return "\(error)"
    }
  }
}

/// Bytes to a server, as whoever does not keep to the protocol sends them.
struct RawCaller {
  private let channel: any Channel
  private let heard: EventLoopFuture<[UInt8]>

  /// - Parameter files: nil: without TLS.
  static func call(_ address: Address, over files: TLSFiles? = nil) async throws -> RawCaller {
    let context = try files?.clientContext()
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let heard = loop.makePromise(of: [UInt8].self)
    let channel = try await ClientBootstrap(group: loop)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let context {
            try channel.pipeline.syncOperations.addHandler(
              try NIOSSLClientHandler(context: context, serverHostname: nil))
          }
          try channel.pipeline.syncOperations.addHandler(Ear(heard))
        }
      }
      .connect(host: address.host, port: address.port).get()
    return RawCaller(channel: channel, heard: heard.futureResult)
  }

  func send(_ bytes: [UInt8]) {
    channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
  }

  /// Sends again and again until the other side has had enough.
  func sendEndlessly(_ bytes: [UInt8]) async {
    while channel.isActive {
      try? await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }
  }

  /// Waits until the other side hangs up.
  ///
  /// - Returns: All that it said.
  func untilCut() async throws -> [UInt8] { try await heard.get() }

  func hangUp() { channel.close(promise: nil) }

  private final class Ear: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var bytes: [UInt8] = []
    private let promise: EventLoopPromise<[UInt8]>

    init(_ promise: EventLoopPromise<[UInt8]>) { self.promise = promise }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      // What a test looks at is short.
      if bytes.count < 65_536 { bytes += unwrapInboundIn(data).readableBytesView }
    }

    func channelInactive(context: ChannelHandlerContext) { promise.succeed(bytes) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      context.close(promise: nil)
    }
  }
}
