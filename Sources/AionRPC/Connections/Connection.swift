import AionModel
import NIOCore
import NIOSSL

/// One connection on its event loop: hands frames to the conversation that is held on it, and sees
/// to it that a dead other side is noticed.
final class Connection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  let outbox: Outbox
  let limits: ConnectionLimits
  private(set) var channel: any Channel
  private var decoder: FrameDecoder
  private var conversation: any Conversation
  private var end: ConnectionEnd?
  private var keepAlive: RepeatedTask?
  /// Rounds of the keep-alive in which nothing was heard.
  private var silentRounds = 0

  init(
    _ channel: any Channel, limits: ConnectionLimits, outbox: ByteCount,
    conversation: any Conversation
  ) {
    self.channel = channel
    decoder = FrameDecoder(limit: limits.hello)
    self.limits = limits
    self.outbox = Outbox(channel: channel, limit: outbox)
    self.conversation = conversation
  }

  /// Puts the handlers of a connection into the pipeline of a channel that is being set up.
  static func install(
    on channel: any Channel, limits: ConnectionLimits, outbox: ByteCount,
    conversation: any Conversation
  ) throws {
    let connection = Connection(
      channel, limits: limits, outbox: outbox, conversation: conversation)
    try channel.pipeline.syncOperations.addHandler(connection)
  }
}

// MARK: For the conversation

extension Connection {
  /// The two sides know each other: longer frames are taken, and silence is not.
  func converse(_ next: any Conversation) {
    decoder.limit = limits.frame
    conversation = next
    let bound = NIOLoopBound(self, eventLoop: channel.eventLoop)
    keepAlive = channel.eventLoop.scheduleRepeatedTask(
      initialDelay: TimeAmount(limits.keepAlive), delay: TimeAmount(limits.keepAlive)
    ) { _ in bound.value.checkPulse() }
    next.began(on: self)
  }

  /// Ends the connection for a reason that the conversation will be told.
  func close(because end: ConnectionEnd) {
    if self.end == nil { self.end = end }
    outbox.close()
  }

  /// Whether nothing has come that was not heard.
  var isBetweenFrames: Bool { decoder.isEmpty }

  /// Ends, and tells nobody: the conversation goes on elsewhere.
  func leave() {
    conversation = NoConversation()
    end = .closed
    channel.close(promise: nil)
  }

  /// What the other side showed; nil without TLS, and for a caller that shows none.
  var peerCertificate: Certificate? {
    let shown = try? channel.pipeline.syncOperations.nioSSL_peerCertificate()
    return shown.map { Certificate($0) }
  }

  private func checkPulse() {
    silentRounds += 1
    if silentRounds > 2 {
      close(because: .fault(.silent))
    } else if silentRounds > 1 {
      _ = outbox.send(Frame(.ping))
    }
  }
}

// MARK: For the pipeline

extension Connection {
  func channelActive(context: ChannelHandlerContext) {
    conversation.began(on: self)
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard end == nil else { return }
    var bytes = unwrapInboundIn(data)
    decoder.add(&bytes)
    do throws(FrameFault) {
      while end == nil, let frame = try decoder.next() { try take(frame) }
    } catch {
      close(because: .fault(error))
    }
  }

  private func take(_ frame: Frame) throws(FrameFault) {
    silentRounds = 0
    switch frame.kind {
    case .ping: _ = outbox.send(Frame(.pong, payload: frame.payload))
    case .pong: break
    default: try conversation.received(frame, on: self)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    close(because: ConnectionEnd(error, shown: peerCertificate))
  }

  func channelInactive(context: ChannelHandlerContext) {
    keepAlive?.cancel()
    outbox.connectionEnded()
    conversation.ended(end ?? .closed)
    context.fireChannelInactive()
  }
}

extension ConnectionEnd {
  /// What an error of the network or of TLS means for a connection.
  ///
  /// - Parameter shown: The certificate that the other side showed.
  init(_ error: any Error, shown: Certificate? = nil) {
    self =
      switch error {
      case let fault as FrameFault: .fault(fault)
      case NIOSSLError.uncleanShutdown: .network("the connection was cut on the way")
      case NIOSSLError.handshakeFailed(.sslError([.eofDuringHandshake])):
        .network("the other side hung up before TLS came about; does it speak TLS?")
      case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError:
        .tls(TLSComplaint.text(error, shown: shown, at: .now))
      case let error as IOError: .network(error.description)
      default: .network("\(error)")
      }
  }
}

/// Nothing is said any more.
private final class NoConversation: Conversation {
  func began(on connection: Connection) {}
  func received(_ frame: Frame, on connection: Connection) throws(FrameFault) {}
  func ended(_ end: ConnectionEnd) {}
}
