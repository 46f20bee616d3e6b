public import AionCatalog
public import AionModel

/// What a process gives to clients over a network: the port of the server to the replica that it
/// runs. `OperationServer` speaks for it.
///
/// Every `async` call runs in a task of the client that asked, which is cancelled when the client
/// stops waiting or its time is over: what waits must then stop with `cancelled`.
public protocol ControlPlaneService: Sendable {
  /// As `CommandProposer.propose`.
  func propose(_ batch: CommandBatch) async throws(ClusterError) -> Applied

  /// The state, once it is as fresh as was asked; it waits for that.
  func snapshot(_ freshness: Freshness) async throws(ClusterError) -> ClusterSnapshot

  /// What a query finds in a state that is as fresh as was asked.
  ///
  /// Of a lease a leader knows more than the state: what is left of it.
  func answer(to query: Query, _ freshness: Freshness) async throws(ClusterError) -> ReadAnswer

  /// The same as `propose`, for those who have no task to wait in.
  ///
  /// - Parameter done: Called once, by any thread, perhaps before this returns.
  /// - Returns: false when it is to be asked in a task; nothing was done then.
  func propose(
    _ batch: CommandBatch, done: @escaping @Sendable (Result<Applied, ClusterError>) -> Void
  ) -> Bool

  /// The same as `snapshot`, to answer a query from, for those who have no task to wait in.
  ///
  /// - Parameter done: Called once, by any thread, perhaps before this returns.
  /// - Returns: false when it is to be asked in a task, also because the answer is in more than the
  ///   state.
  func snapshot(
    for query: Query, _ freshness: Freshness,
    done: @escaping @Sendable (Result<ClusterSnapshot, ClusterError>) -> Void
  ) -> Bool

  /// What happened at `index` and after it, as soon as anything there has been applied, whether it
  /// changed something or not.
  ///
  /// - Throws: `compacted` when changes from `index` on are no longer all kept.
  func changes(from index: LogIndex) async throws(ClusterError) -> ChangePage

  /// How the replica stands; never waits for the disk.
  func status() async -> ServiceStatus

  /// - Returns: How it stands afterwards.
  func manage(_ management: Management) async throws(ClusterError) -> ServiceStatus

  /// Hears a node's agent.
  ///
  /// - Throws: `notLeader` where that is nobody's task; what the registration is refused for.
  func heartbeat(_ heartbeat: Heartbeat) async throws(ClusterError) -> HeartbeatAnswer
}

extension ControlPlaneService {
  public func propose(
    _ batch: CommandBatch, done: @escaping @Sendable (Result<Applied, ClusterError>) -> Void
  ) -> Bool { false }

  public func snapshot(
    for query: Query, _ freshness: Freshness,
    done: @escaping @Sendable (Result<ClusterSnapshot, ClusterError>) -> Void
  ) -> Bool { false }

  /// From the state alone.
  public func answer(
    to query: Query, _ freshness: Freshness
  ) async throws(ClusterError) -> ReadAnswer {
    try await snapshot(freshness).answer(to: query)
  }
}
