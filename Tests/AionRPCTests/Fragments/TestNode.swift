import AionCatalog
import AionModel
import AionRPC
import Synchronization

/// What a node knows of the catalog: what the test has told it.
final class TestCatalog: CatalogView {
  private struct State {
    var snapshot = ClusterSnapshot()
    var waiting: [CheckedContinuation<Void, Never>] = []
    var waits: [Duration?] = []
    var isCutOff = false
  }

  private let state = Mutex(State())

  func snapshot() -> ClusterSnapshot { state.withLock { $0.snapshot } }

  /// How long those who waited were ready to.
  var waits: [Duration?] { state.withLock { $0.waits } }

  func learn(_ snapshot: ClusterSnapshot) {
    let waiting = state.withLock { state in
      state.snapshot = snapshot
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  /// Who waits is told at once that it does not come.
  func cutOff() { state.withLock { $0.isCutOff = true } }

  /// Waits until somebody waits.
  func untilAwaited() async { while waits.isEmpty { await Task.yield() } }

  func waitFor(_ index: LogIndex, within timeout: Duration?) async throws(ClusterError) {
    while snapshot().applied < index {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          state.waits.append(timeout)
          if state.isCutOff || state.snapshot.applied >= index { return true }
          state.waiting.append(continuation)
          return false
        }
        if isOver { continuation.resume() }
      }
      if state.withLock({ $0.isCutOff }) { throw .unreachable(reason: "cut off") }
    }
  }
}

/// An engine that does what the test says.
struct TestEngine: FragmentHandler {
  typealias Body = @Sendable (Fragment, FragmentOutput) async throws(ClusterError) -> Void

  let body: Body

  func execute(_ fragment: Fragment, into result: FragmentOutput) async throws(ClusterError) {
    try await body(fragment, result)
  }
}

/// Holds fragments until they are let go, or cancelled.
final class Gate: Sendable {
  private struct State {
    var isOpen = false
    var held = 0
    var cancelled = 0
    var last = 0
    var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
  }

  private let state = Mutex(State())

  var cancelled: Int { state.withLock { $0.cancelled } }

  /// How many were held, and perhaps let go since.
  var held: Int { state.withLock { $0.held } }

  /// - Throws: `cancelled`.
  func pass() async throws(ClusterError) {
    let number = state.withLock { state in
      state.last += 1
      return state.last
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let goesOn = state.withLock { state in
          if state.isOpen || Task.isCancelled { return true }
          state.waiting[number] = continuation
          state.held += 1
          return false
        }
        if goesOn { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiting.removeValue(forKey: number) }?.resume()
    }
    guard Task.isCancelled else { return }
    state.withLock { $0.cancelled += 1 }
    throw .cancelled
  }

  func open() {
    let waiting = state.withLock { state in
      state.isOpen = true
      defer { state.waiting = [:] }
      return Array(state.waiting.values)
    }
    for continuation in waiting { continuation.resume() }
  }

  /// Waits until so many have been held.
  func untilHeld(_ count: Int) async {
    while held < count { await Task.yield() }
  }

  /// Waits until so many have been cancelled.
  func untilCancelled(_ count: Int) async { while cancelled < count { await Task.yield() } }
}

/// A node that executes fragments, the catalog, and somebody who has fragments executed.
final class FragmentRig: Sendable {
  static let orders = TableKey(database: 1, relation: 16_384)
  static let shard = ShardKey(table: orders, shard: 0)

  let plane = InMemoryControlPlane()
  let catalog = TestCatalog()
  let server: FragmentServer
  let executor: FragmentExecutor

  init(
    limits: FragmentLimits = FragmentLimits(),
    _ change: (inout FragmentExecutor.Configuration) -> Void = { _ in },
    engine: @escaping TestEngine.Body
  ) async throws {
    server = try await Self.serve("node-a", catalog, limits: limits, engine)
    executor = Self.executor(on: plane, change)
    try await plane.upsertNode(NodeDescriptor(id: "node-a", rpcEndpoint: "\(server.address)"))
    try await plane.upsertNode(NodeDescriptor(id: "node-b", rpcEndpoint: "127.0.0.1:1"))
    try await plane.upsertShard(
      ShardDescriptor(
        key: Self.shard, placements: [ShardPlacement(shard: 0, node: "node-a", role: .leader)]))
    catalog.learn(plane.snapshot())
  }

  static func serve(
    _ node: NodeID, _ catalog: TestCatalog, limits: FragmentLimits = FragmentLimits(),
    at address: Address = Address(host: "127.0.0.1", port: 0), _ engine: @escaping TestEngine.Body
  ) async throws -> FragmentServer {
    var setup = FragmentServer.Setup(node: node, cluster: 7, address: address)
    setup.fragments = limits
    setup.policy.tokens = [AccessToken("read", role: .reader)]
    return try await FragmentServer.start(
      setup, catalog: catalog, handler: TestEngine(body: engine))
  }

  static func executor(
    on plane: InMemoryControlPlane,
    _ change: (inout FragmentExecutor.Configuration) -> Void = { _ in }
  ) -> FragmentExecutor {
    var configuration = FragmentExecutor.Configuration(name: "test", seed: 1)
    configuration.reachTime = .seconds(60)
    change(&configuration)
    return FragmentExecutor(configuration, nodes: plane)
  }

  /// Of a fragment that was planned with what the catalog is now.
  func options(
    _ fragment: FragmentID = 1, timeout: Duration? = .seconds(60)
  ) -> FragmentRuntimeOptions {
    let now = plane.snapshot()
    return FragmentRuntimeOptions(
      queryID: QueryID(1 << 100 | 5), fragmentID: fragment, catalogVersion: now.catalogVersion,
      placementEpoch: now.placementEpoch, txnScope: .singleShard(Self.shard), timeout: timeout)
  }

  func execute(
    _ fragment: FragmentID = 1, _ body: [UInt8] = [1, 2, 3], timeout: Duration? = .seconds(60)
  ) async throws(ClusterError) -> [UInt8] {
    try await executor.execute(
      on: "node-a", FragmentPlan("scan orders", body: body),
      options: options(fragment, timeout: timeout))
  }

  /// Begins to execute, and does not wait for it.
  func begin(
    _ fragment: FragmentID = 1, timeout: Duration? = .seconds(60)
  ) -> Task<Result<[UInt8], ClusterError>, Never> {
    Task {
      do throws(ClusterError) {
        return .success(try await self.execute(fragment, timeout: timeout))
      } catch {
        return .failure(error)
      }
    }
  }

  func close() async {
    executor.close()
    await server.close()
  }
}
