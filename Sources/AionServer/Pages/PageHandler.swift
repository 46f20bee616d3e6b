import NIOCore
import NIOHTTP1

/// Answers the requests of one connection, one after the other.
final class PageHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let source: PageServer.Source
  private var head: HTTPRequestHead?

  init(_ source: @escaping PageServer.Source) { self.source = source }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): self.head = head
    case .body:
      // Nothing is asked for that has a body.
      head?.method = .POST
    case .end:
      guard let head else { return }
      self.head = nil
      answer(head, context: context)
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  private func answer(_ head: HTTPRequestHead, context: ChannelHandlerContext) {
    guard head.method == .GET || head.method == .HEAD else {
      let page = Page(status: .methodNotAllowed, body: "only GET and HEAD\n")
      return write(page, to: head, context: context)
    }
    let path = String(head.uri.prefix { $0 != "?" })
    let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
    let loop = context.eventLoop
    Task { [source] in
      let page = await source(path)
      loop.execute {
        bound.value.handler.write(page, to: head, context: bound.value.context)
      }
    }
  }

  private func write(_ page: Page, to head: HTTPRequestHead, context: ChannelHandlerContext) {
    guard context.channel.isActive else { return }
    let body = ByteBuffer(string: page.body)
    var headers = HTTPHeaders()
    headers.add(name: "content-type", value: page.type)
    headers.add(name: "content-length", value: "\(body.readableBytes)")
    headers.add(name: "connection", value: head.isKeepAlive ? "keep-alive" : "close")
    let response = HTTPResponseHead(version: head.version, status: page.status, headers: headers)
    context.write(wrapOutboundOut(.head(response)), promise: nil)
    if head.method != .HEAD {
      context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    }
    let ended = context.eventLoop.makePromise(of: Void.self)
    if !head.isKeepAlive {
      let channel = context.channel
      ended.futureResult.whenComplete { _ in channel.close(promise: nil) }
    }
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: ended)
  }
}
