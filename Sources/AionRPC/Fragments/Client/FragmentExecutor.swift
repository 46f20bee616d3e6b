public import AionModel
import AionWire
import Synchronization

/// Executes fragments on the nodes of the database, over the network.
///
///     let executor = FragmentExecutor(FragmentExecutor.Configuration(name: "node-3", seed: seed),
///       nodes: cachedPlane)
///     let rows = try await executor.execute(
///       on: leader.node, FragmentPlan("scan orders", on: shard, body: plan), options: options)
///
/// Where nodes are it asks the catalog, for each fragment. To each it keeps a connection, which is
/// made again when it is lost, and given up when the node is elsewhere, or nowhere. A fragment is
/// sent once: whoever asked decides what to do about one whose outcome is unknown.
///
/// Cancelling the caller's task cancels the fragment on the node.
public final class FragmentExecutor: RemoteExecutor {
  /// What an executor shows to nodes, and what it has patience for.
  public struct Configuration: Sendable {
    /// The cluster that nodes must be of; nil takes any.
    public var cluster: ClusterID?
    /// What nodes call this client.
    public var name: String
    public var token: String?
    public var security = TransportSecurity.plaintext()
    public var limits = ConnectionLimits()
    /// How long it may take to reach a node, also for a fragment that has more time.
    public var reachTime = Duration.seconds(10)
    /// The longest result that is collected; a longer one is for those who take it in pieces.
    public var resultLimit = ByteCount.mebibytes(64)
    /// A connection that was not used for so long is closed.
    public var idleTime = Duration.seconds(300)
    /// Of the jitter with which is waited before a node is dialled again.
    public var seed: UInt64

    public init(name: String, seed: UInt64) {
      self.name = name
      self.seed = seed
    }
  }

  private struct Calls {
    var last = 0
    var tasks: [Call: [Int: Task<FragmentAnswer, any Error>]] = [:]
  }

  private struct Call: Hashable {
    var node: NodeID
    var name: FragmentName
  }

  private let configuration: Configuration
  private let links: NodeLinks
  private let calls = Mutex(Calls())

  /// - Parameter nodes: Knows where nodes are; a `CachedControlPlane` does at no cost.
  public init(_ configuration: Configuration, nodes: any NodeMembership) {
    self.configuration = configuration
    links = NodeLinks(configuration, nodes: nodes)
  }

  /// How it stands with the nodes that it has connections to, by ascending id.
  public var connections: [NodeConnection] { links.connections }

  /// Ends all connections, and what is executed over them; fragments fail with `closed` from then
  /// on.
  public func close() { links.close() }
}

// MARK: - Executing

extension FragmentExecutor {
  /// Has a node execute a fragment, and collects its result.
  ///
  /// - Throws: As the contract says, and beside it: `busy` when the node has too many;
  ///   `notAReplica`, `unknownShard`, `fragmentOutsideScope`; `outcomeUnknown` when the connection
  ///   was lost and the fragment may have changed something; `other` with code 54000 for a plan or
  ///   a result that is too long, 42501 and 28000 for what the node does not allow.
  public func execute(
    on node: NodeID, _ plan: FragmentPlan, options: FragmentRuntimeOptions
  ) async throws(ClusterError) -> [UInt8] {
    let collected = ResultBuffer(limit: configuration.resultLimit)
    do throws(ClusterError) {
      try await execute(on: node, plan, options: options) { collected.take($0) }
    } catch {
      throw collected.isTooLong ? .resultTooLong(of: plan, collected.limit) : error
    }
    return collected.bytes
  }

  /// Has a node execute a fragment, and hands on its result as it comes.
  ///
  /// - Parameter piece: Given each piece in order; the node waits for those who take their time.
  ///   Saying false cancels the fragment. When an error is thrown, what was given is void.
  public func execute(
    on node: NodeID, _ plan: FragmentPlan, options: FragmentRuntimeOptions,
    eachPiece piece: @escaping @Sendable ([UInt8]) async -> Bool
  ) async throws(ClusterError) {
    let call = Call(node: node, name: options.name)
    let (number, task) = begin(call) {
      try await self.answer(on: node, plan, options, eachPiece: piece)
    }
    defer { end(call, number) }
    let outcome = await withTaskCancellationHandler {
      await task.result
    } onCancel: {
      task.cancel()
    }
    do {
      if case .refused(let error) = try outcome.get() { throw error }
    } catch {
      throw error as? ClusterError ?? .cancelled
    }
  }

  /// Cancels a fragment, whoever had it executed.
  ///
  /// - Throws: `unknownNode`, `nodeDown`: whether it is executed is then not known.
  public func cancel(
    on node: NodeID, query: QueryID, fragment: FragmentID
  ) async throws(ClusterError) {
    let name = FragmentName(query: query, fragment: fragment)
    // What was asked here is cancelled where it was asked: the node may not have it yet.
    for task in tasks(of: Call(node: node, name: name)) { task.cancel() }
    let request = FragmentRequest.cancel(name)
    let connection = try await links.connection(to: node, within: configuration.reachTime)
    let outcome = await ask(
      connection, Request(request.encoded(), timeout: configuration.reachTime)
    ) { _ in true }
    switch outcome {
    case .success(.done): return
    case .success(.refused(let error)): throw error
    case .failure(.timedOut), .failure(.disconnected): throw .nodeDown(node)
    case .failure(let failure): throw ClusterError(failure)
    }
  }
}

// MARK: - One fragment

extension FragmentExecutor {
  private func answer(
    on node: NodeID, _ plan: FragmentPlan, _ options: FragmentRuntimeOptions,
    eachPiece piece: @Sendable ([UInt8]) async -> Bool
  ) async throws(ClusterError) -> FragmentAnswer {
    let deadline = options.timeout.map { ContinuousClock.now + $0 }
    let reachTime = min(configuration.reachTime, options.timeout ?? configuration.reachTime)
    let connection = try await links.connection(to: node, within: reachTime)
    let request = Request(
      FragmentRequest.execute(plan, options).encoded(),
      timeout: min(Request.longestTimeout, deadline.map { max(.zero, $0 - .now) } ?? .forever),
      credit: Self.piecesUnderWay)
    let longest = connection.welcome.frameLimit.bytes - Self.requestMargin
    guard request.payload.count <= longest else { throw .planTooLong(plan, longest, node) }
    var received = 0
    let outcome = await ask(connection, request) { bytes in
      received += bytes.count
      return await piece(bytes)
    }
    switch outcome {
    case .success(.done(let length)) where length.bytes != received: throw .unreadable
    case .success(let answer): return answer
    case .failure(.timedOut):
      throw .fragmentTimedOut(label: plan.label, after: options.timeout ?? Request.longestTimeout)
    case .failure(.disconnected):
      throw options.txnScope.isReadOnly ? .nodeDown(node) : .outcomeUnknown
    case .failure(let failure): throw ClusterError(failure)
    }
  }

  /// Pieces that a node may send before it must wait.
  private static var piecesUnderWay: Int { 16 }

  /// What a request's other fields take at most.
  private static var requestMargin: Int { 64 }

  private func ask(
    _ connection: ClientConnection, _ request: Request, eachPiece piece: ([UInt8]) async -> Bool
  ) async -> Result<FragmentAnswer, RequestFailure> {
    do throws(RequestFailure) {
      let payload = try await connection.call(request, eachItem: piece)
      do throws(WireError) { return .success(try FragmentAnswer(decoding: payload)) } catch {
        return .failure(.disconnected(.fault(.undecodable(.response, error))))
      }
    } catch {
      return .failure(error)
    }
  }

  private func begin(
    _ call: Call, _ work: @escaping @Sendable () async throws -> FragmentAnswer
  ) -> (Int, Task<FragmentAnswer, any Error>) {
    calls.withLock { calls in
      calls.last += 1
      let task = Task { try await work() }
      calls.tasks[call, default: [:]][calls.last] = task
      return (calls.last, task)
    }
  }

  private func end(_ call: Call, _ number: Int) {
    calls.withLock { calls in
      calls.tasks[call]?[number] = nil
      if calls.tasks[call]?.isEmpty == true { calls.tasks[call] = nil }
    }
  }

  private func tasks(of call: Call) -> [Task<FragmentAnswer, any Error>] {
    // In any order: all are cancelled.
    calls.withLock { Array(($0.tasks[call] ?? [:]).values) }
  }
}

extension Duration {
  /// More than a century.
  fileprivate static var forever: Duration { .seconds(1 << 32) }
}

extension TxnScope {
  /// Whether what is done in it changes nothing.
  fileprivate var isReadOnly: Bool {
    if case .readOnlyMultiShard = self { true } else { false }
  }
}
