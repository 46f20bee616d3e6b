import AionModel
import NIOCore

/// A client asks; each request is worked on in a task of its own, unless it needs none.
final class RequestConversation: Conversation {
  private struct Work {
    var deadline: NIODeadline
    /// nil until it has begun, and for what needs none.
    var task: Task<Void, Never>?
    var items: ItemStream?
  }

  /// What is longer than this takes long to read, and is not read on an event loop.
  private static let briefLength = 64 << 10

  private let host: any RequestHost
  private let client: ClientIdentity
  private let tasks: RequestTasks
  private let meters: TransportMeters
  /// What the client takes.
  private let frameLimit: ByteCount
  private var work: [ExchangeID: Work] = [:]
  private var timer = DeadlineTimer()

  init(
    host: any RequestHost, client: ClientIdentity, frameLimit: ByteCount, tasks: RequestTasks,
    meters: TransportMeters
  ) {
    self.host = host
    self.client = client
    self.frameLimit = frameLimit
    self.tasks = tasks
    self.meters = meters
  }

  func began(on connection: Connection) {}

  func received(_ frame: Frame, on connection: Connection) throws(FrameFault) {
    switch frame.kind {
    case .request: try begin(frame, on: connection)
    case .cancel: stop(frame.exchange)
    case .credit: work[frame.exchange]?.items?.add(credit: try Credit(in: frame).items)
    default: throw .unexpected(frame.kind)
    }
  }

  func ended(_ end: ConnectionEnd) {
    if case .fault = end { meters.faults.add() }
    // In any order: each is stopped by itself.
    for exchange in Array(work.keys) { stop(exchange) }
    timer.cancel()
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
    let deadline = NIODeadline.now() + TimeAmount(request.timeout)
    work[exchange] = Work(deadline: deadline)
    let loop = connection.channel.eventLoop
    let bound = NIOLoopBound((conversation: self, connection: connection), eventLoop: loop)
    let answer = PendingAnswer(on: tasks.executor(of: loop)) { response in
      bound.value.conversation.finish(exchange, response, on: bound.value.connection)
    }
    let isBrief = host.servesOnEventLoops && request.payload.count <= Self.briefLength
    if !(isBrief && host.begin(request, for: client, answer: answer)) {
      serve(request, as: exchange, isBrief: isBrief, on: connection, answer)
    }
    // Unless it was answered at once.
    if work[exchange] != nil { watch(deadline, on: connection) }
  }

  private func serve(
    _ request: Request, as exchange: ExchangeID, isBrief: Bool, on connection: Connection,
    _ answer: PendingAnswer
  ) {
    let items = ItemStream(
      outbox: connection.outbox, exchange: exchange, credit: request.credit)
    work[exchange]?.items = items
    let loop = connection.channel.eventLoop
    let task = tasks.begin(on: loop, isBrief: isBrief) { [host, client] in
      let response = await host.serve(request, for: client, through: items)
      answer { response }
    }
    work[exchange]?.task = task
  }

  private func watch(_ deadline: NIODeadline, on connection: Connection) {
    let loop = connection.channel.eventLoop
    let bound = NIOLoopBound((conversation: self, connection: connection), eventLoop: loop)
    timer.cover(deadline, on: loop) {
      bound.value.conversation.endOverdue(on: bound.value.connection)
    }
  }

  private func endOverdue(on connection: Connection) {
    timer.fired()
    let now = NIODeadline.now()
    for (exchange, one) in work where one.deadline <= now {
      stop(exchange)
      answer(exchange, .failure(.timedOut), on: connection)
    }
    if let next = work.values.map(\.deadline).min() { watch(next, on: connection) }
  }

  /// Answers, unless it was answered or cancelled before.
  private func finish(_ exchange: ExchangeID, _ response: Response, on connection: Connection) {
    guard let done = work.removeValue(forKey: exchange) else { return }
    done.items?.end()
    switch response {
    case .failure(.forbidden), .failure(.foreignNode): meters.forbiddenRequests.add()
    default: break
    }
    answer(exchange, response, on: connection)
  }

  private func stop(_ exchange: ExchangeID) {
    guard let stopped = work.removeValue(forKey: exchange) else { return }
    stopped.items?.end()
    stopped.task?.cancel()
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
