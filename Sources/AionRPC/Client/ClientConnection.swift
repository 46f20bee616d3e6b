public import AionModel
import NIOCore
import NIOPosix
import Synchronization

/// A client's connection to one process, over which any number of tasks ask at a time.
///
/// It does not come back by itself: once it has ended every request fails with `disconnected`.
public final class ClientConnection: Sendable {
  /// What the other side said of itself, and what this client may ask for.
  public let welcome: Welcome

  private struct State {
    var mailboxes: [ExchangeID: (mailbox: Mailbox, deadline: NIODeadline)] = [:]
    var timer = DeadlineTimer()
    var last: ExchangeID = 0
    var end: ConnectionEnd?
  }

  private let outbox: Outbox
  private let loop: any EventLoop
  private let state: Mutex<State>

  private init(_ welcome: Welcome, outbox: Outbox, loop: any EventLoop) {
    self.welcome = welcome
    self.outbox = outbox
    self.loop = loop
    state = Mutex(State())
  }

  deinit {
    state.withLock { $0.timer.cancel() }
    outbox.close()
  }

  /// Connects, and introduces itself.
  ///
  /// - Parameters:
  ///   - cluster: The cluster that it must be; nil takes any.
  ///   - addressee: Whom it must be; nil: any replica.
  ///   - name: What the other side calls this client in what it tells its operator.
  ///   - security: Its files are read anew for each connection, the list of what is revoked too.
  /// - Throws: Why there is no connection: not reachable, not let in, or another protocol; `tls`
  ///   when a file is of no use, or the other side's certificate is not believed, or not any more.
  public static func open(
    to address: Address, cluster: ClusterID? = nil, addressee: Addressee? = nil, as name: String,
    token: String? = nil, security: TransportSecurity = .plaintext(),
    limits: ConnectionLimits = ConnectionLimits()
  ) async throws(ConnectionEnd) -> ClientConnection {
    let group = MultiThreadedEventLoopGroup.singleton
    let dialer: Dialer
    do throws(TLSFault) { dialer = try Dialer(limits: limits, security: security) } catch {
      throw .tls("\(error)")
    }
    let loop = group.next()
    let hello = Hello(
      cluster: cluster, addressee: addressee, caller: .client(name: name, token: token),
      frameLimit: limits.frame)
    let outcome = await withCheckedContinuation { continuation in
      let opening = Opening(continuation)
      dialer.dial(address, outbox: limits.clientOutbox, on: loop) { [revoked = dialer.revoked] in
        CallerConversation(hello, revoked: revoked) { outcome in opening.settle(outcome, on: loop) }
      }.whenFailure { opening.fail(ConnectionEnd($0)) }
    }
    return try outcome.get()
  }

  /// Sends nothing more; requests that wait fail.
  public func close() { outbox.close() }

  /// Whether requests can still be sent.
  public var isOpen: Bool { state.withLock { $0.end == nil } }
}

// MARK: - Asking

extension ClientConnection {
  /// Asks, and waits for the answer.
  ///
  /// - Parameter item: Given what comes before the answer, in order; at most `Request.credit` items
  ///   are under way at a time. Saying false ends it with `cancelled`.
  /// - Throws: Why there is no answer. The service's own refusals are answers.
  public func call(
    _ request: Request, eachItem item: ([UInt8]) async -> Bool = { _ in true }
  ) async throws(RequestFailure) -> [UInt8] {
    let mailbox = Mailbox()
    let exchange = try begin(mailbox, until: .now() + TimeAmount(request.timeout))
    defer { state.withLock { _ = $0.mailboxes.removeValue(forKey: exchange) } }
    guard outbox.send(Frame(.request, exchange: exchange, payload: request.encoded())) else {
      throw .disconnected(state.withLock { $0.end } ?? .network("too much waits to be sent"))
    }
    let response = await withTaskCancellationHandler {
      await self.response(from: mailbox, exchange, request, item)
    } onCancel: {
      mailbox.put(response: .failure(.cancelled))
    }
    switch response {
    case .answer(let payload): return payload
    case .failure(let failure):
      if failure == .timedOut || failure == .cancelled {
        _ = outbox.send(Frame(.cancel, exchange: exchange))
      }
      throw failure
    }
  }

  private func begin(
    _ mailbox: Mailbox, until deadline: NIODeadline
  ) throws(RequestFailure) -> ExchangeID {
    try state.withLock { state throws(RequestFailure) in
      if let end = state.end { throw .disconnected(end) }
      state.last.rawValue += 1
      state.mailboxes[state.last] = (mailbox, deadline)
      watch(deadline, &state)
      return state.last
    }
  }

  private func watch(_ deadline: NIODeadline, _ state: inout State) {
    state.timer.cover(deadline, on: loop) { [weak self] in self?.endOverdue() }
  }

  private func endOverdue() {
    let now = NIODeadline.now()
    let overdue = state.withLock { state in
      state.timer.fired()
      let overdue = state.mailboxes.values.filter { $0.deadline <= now }
      let next = state.mailboxes.values.lazy.map(\.deadline).filter { $0 > now }.min()
      if let next { watch(next, &state) }
      return overdue
    }
    for (mailbox, _) in overdue { mailbox.put(response: .failure(.timedOut)) }
  }

  private func response(
    from mailbox: Mailbox, _ exchange: ExchangeID, _ request: Request,
    _ item: ([UInt8]) async -> Bool
  ) async -> Response {
    // Credit is given back half by half, so that neither side waits for single frames.
    let portion = max(1, request.credit / 2)
    var taken = 0
    while true {
      switch await mailbox.next() {
      case .response(let response): return response
      case .item(let payload):
        guard await item(payload) else { return .failure(.cancelled) }
        taken += 1
        if taken == portion {
          taken = 0
          let credit = Credit(items: portion).encoded()
          _ = outbox.send(Frame(.credit, exchange: exchange, payload: credit))
        }
      }
    }
  }
}

// MARK: - Hearing

extension ClientConnection {
  fileprivate func mailbox(of exchange: ExchangeID) -> Mailbox? {
    state.withLock { $0.mailboxes[exchange]?.mailbox }
  }

  fileprivate func ended(_ end: ConnectionEnd) {
    let waiting = state.withLock { state in
      state.end = end
      state.timer.cancel()
      defer { state.mailboxes = [:] }
      return state.mailboxes.values.map(\.mailbox)
    }
    for mailbox in waiting { mailbox.put(response: .failure(.disconnected(end))) }
  }

  /// Waits for a connection to be there, or not.
  private final class Opening: Sendable {
    typealias Outcome = Result<ClientConnection, ConnectionEnd>

    private let continuation: Mutex<CheckedContinuation<Outcome, Never>?>

    init(_ continuation: CheckedContinuation<Outcome, Never>) {
      self.continuation = Mutex(continuation)
    }

    func settle(
      _ outcome: CallerConversation.Outcome, on loop: any EventLoop
    ) -> (any Conversation)? {
      switch outcome {
      case .ended(let end):
        fail(end)
        return nil
      case .admitted(let welcome, let connection):
        let client = ClientConnection(welcome, outbox: connection.outbox, loop: loop)
        resume(.success(client))
        return AnswerConversation(client)
      }
    }

    func fail(_ end: ConnectionEnd) { resume(.failure(end)) }

    private func resume(_ outcome: Outcome) {
      continuation.withLock { $0.take() }?.resume(returning: outcome)
    }
  }
}

/// The client's side of an open connection: hands answers to those who wait for them.
private final class AnswerConversation: Conversation {
  /// Weak, because a client that nobody holds any more closes its connection.
  private weak var client: ClientConnection?

  init(_ client: ClientConnection) { self.client = client }

  func began(on connection: Connection) {}

  func received(_ frame: Frame, on connection: Connection) throws(FrameFault) {
    // One that nobody waits for any more is passed over.
    let mailbox = client?.mailbox(of: frame.exchange)
    switch frame.kind {
    case .item: mailbox?.put(item: frame.payload)
    case .response: mailbox?.put(response: try Response(in: frame))
    default: throw .unexpected(frame.kind)
    }
  }

  func ended(_ end: ConnectionEnd) { client?.ended(end) }
}
