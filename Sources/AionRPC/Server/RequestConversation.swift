import AionModel
import NIOCore

/// A client asks; each request is worked on in a task of its own.
final class RequestConversation: Conversation {
  private struct Work {
    var task: Task<Void, Never>
    var items: ItemStream
    var deadline: Scheduled<Void>
  }

  private let host: any Host
  private let client: ClientIdentity
  private let meters: TransportMeters
  /// What the client takes.
  private let frameLimit: ByteCount
  private var work: [ExchangeID: Work] = [:]

  init(
    host: any Host, client: ClientIdentity, frameLimit: ByteCount, meters: TransportMeters
  ) {
    self.host = host
    self.client = client
    self.frameLimit = frameLimit
    self.meters = meters
  }

  func began(on connection: Connection) {}

  func received(_ frame: Frame, on connection: Connection) throws(FrameFault) {
    switch frame.kind {
    case .request: try begin(frame, on: connection)
    case .cancel: stop(frame.exchange)
    case .credit: work[frame.exchange]?.items.add(credit: try Credit(in: frame).items)
    default: throw .unexpected(frame.kind)
    }
  }

  func ended(_ end: ConnectionEnd) {
    if case .fault = end { meters.faults.add() }
    // In any order: each is stopped by itself.
    for exchange in Array(work.keys) { stop(exchange) }
  }

  private func begin(_ frame: Frame, on connection: Connection) throws(FrameFault) {
    let request = try Request(in: frame)
    let exchange = frame.exchange
    // A second request of one name would make the answers of both unreadable.
    guard work[exchange] == nil else { throw .unexpected(frame.kind) }
    meters.requests.add()
    let limit = connection.limits.requestsInFlight
    guard work.count < limit else {
      return answer(exchange, .failure(.tooManyRequests(limit: limit)), on: connection)
    }
    let items = ItemStream(
      outbox: connection.outbox, exchange: exchange, credit: request.credit)
    let loop = connection.channel.eventLoop
    let bound = NIOLoopBound((conversation: self, connection: connection), eventLoop: loop)
    let task = Task { [host, client] in
      let response = await host.serve(request, for: client, through: items)
      loop.execute {
        bound.value.conversation.finish(exchange, response, on: bound.value.connection)
      }
    }
    let deadline = loop.assumeIsolated().scheduleTask(in: TimeAmount(request.timeout)) { [self] in
      finish(exchange, .failure(.timedOut), on: connection)
    }
    work[exchange] = Work(task: task, items: items, deadline: deadline)
  }

  /// Answers, unless it was answered or cancelled before.
  private func finish(_ exchange: ExchangeID, _ response: Response, on connection: Connection) {
    guard work[exchange] != nil else { return }
    stop(exchange)
    if case .failure(.forbidden) = response { meters.forbiddenRequests.add() }
    answer(exchange, response, on: connection)
  }

  private func stop(_ exchange: ExchangeID) {
    guard let stopped = work.removeValue(forKey: exchange) else { return }
    stopped.deadline.cancel()
    stopped.items.end()
    stopped.task.cancel()
  }

  private func answer(_ exchange: ExchangeID, _ response: Response, on connection: Connection) {
    var payload = response.encoded()
    if payload.count > frameLimit.bytes {
      payload = Response.failure(.answerTooLong).encoded()
    }
    // A client that does not read its answers is not waited for.
    if !connection.outbox.send(Frame(.response, exchange: exchange, payload: payload)) {
      connection.close(because: .closed)
    }
  }
}
