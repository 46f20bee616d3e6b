public import AionCatalog
public import AionModel

/// The control plane of another process, or of a group of them, over a network: every contract, as
/// if it were here.
///
///     let plane = RemoteControlPlane(
///       RemoteConfiguration(addresses: [Address("10.0.0.1:7432")!], name: "app", seed: seed))
///     try await plane.createDatabase(CreateDatabaseRequest(name: "shop", owner: "anna"))
///
/// It finds the leader and follows it. A write happens exactly once, whatever is lost on the way:
/// it goes under a session (Docs/Semantics.md), and again until there is an answer or the time is
/// over. Reads see every write that was acknowledged before, unless `reading` says otherwise.
///
/// After `outcomeUnknown` and `cancelled` a write may be made or not; after `unreachable`, not.
public final class RemoteControlPlane: ControlPlane, ClusterCatalog, TxnCoordinator,
  CommandProposer
{
  let link: GroupLink
  private let writes: SessionProposer<GroupLink>
  private let timeout: Duration
  private let freshness: Freshness

  public convenience init(_ configuration: RemoteConfiguration) {
    self.init(configuration, time: { .now })
  }

  /// - Parameter time: By which calls end, replicas are left alone, and asked who the members are;
  ///   a test's own where it must not depend on it.
  package convenience init(
    _ configuration: RemoteConfiguration,
    time: @escaping @Sendable () -> ContinuousClock.Instant
  ) {
    let link = GroupLink(configuration, time: time)
    let writes = SessionProposer(link) { attempt in await link.pause(before: attempt.number) }
    self.init(link, writes, timeout: configuration.timeout, freshness: .linearizable)
  }

  private init(
    _ link: GroupLink, _ writes: SessionProposer<GroupLink>, timeout: Duration,
    freshness: Freshness
  ) {
    self.link = link
    self.writes = writes
    self.timeout = timeout
    self.freshness = freshness
  }

  /// The same, with another time for each call. Connections and session are shared.
  public func within(_ timeout: Duration) -> RemoteControlPlane {
    RemoteControlPlane(link, writes, timeout: timeout, freshness: freshness)
  }

  /// The same, with reads as fresh as this. Connections and session are shared.
  public func reading(_ freshness: Freshness) -> RemoteControlPlane {
    RemoteControlPlane(link, writes, timeout: timeout, freshness: freshness)
  }

  /// Closes the session and all connections; calls fail with `unreachable` from then on.
  public func close() async {
    _ = try? await timed { () async throws(ClusterError) in try await self.writes.closeSession() }
    link.directory.close()
  }

  /// Runs a call, which must be over when its time is; a time that is set already stays.
  func timed<Answer: Sendable>(
    _ call: () async throws(ClusterError) -> Answer
  ) async throws(ClusterError) -> Answer {
    let own = CallDeadline(end: link.time() + timeout, now: link.time)
    let deadline = CallDeadline.current.flatMap { $0.end < own.end ? $0 : nil } ?? own
    let outcome = await CallDeadline.$current.withValue(deadline) {
      do throws(ClusterError) {
        return Result<Answer, ClusterError>.success(try await call())
      } catch {
        return .failure(error)
      }
    }
    return try outcome.get()
  }
}

// MARK: - Proposing

extension RemoteControlPlane {
  public var now: WallTime { link.now }

  public func propose(_ batch: CommandBatch) async throws(ClusterError) -> Applied {
    try await timed { () async throws(ClusterError) in try await self.writes.propose(batch) }
  }

  /// Fetches the whole state; for more than a look or two, follow it (`CachedControlPlane`).
  public func snapshot() async throws(ClusterError) -> ClusterSnapshot {
    try await timed { () async throws(ClusterError) in try await self.link.snapshot(self.freshness)
    }
  }

  /// Fetches the whole state, and runs `body` on it.
  public func read<Answer: Sendable>(
    _ body: (ClusterSnapshot) throws(ClusterError) -> Answer
  ) async throws(ClusterError) -> Answer {
    try body(try await snapshot())
  }

  /// Asks one question. An answer that is longer than a frame comes by way of the whole state.
  public func answer(to query: Query) async throws(ClusterError) -> ReadAnswer {
    try await timed { () async throws(ClusterError) in
      do throws(ClusterError) {
        return try await self.link.answer(to: query, self.freshness)
      } catch {
        guard error == .answerTooLong else { throw error }
        return try await self.link.snapshot(self.freshness).answer(to: query)
      }
    }
  }

  func key(of shard: ShardReference) async throws(ClusterError) -> ShardKey {
    if case .key(let key) = shard { return key }
    guard let key = try await answer(to: .key(shard)).keys.first else { throw .unknownShard(shard) }
    return key
  }
}

// MARK: - The group

extension RemoteControlPlane {
  /// Where replicas are, as far as this client has heard.
  public var addresses: [Address] { link.directory.addresses }

  /// How it stands with the replica at an address; nil: with the leader, as far as it is known.
  public func status(at address: Address? = nil) async throws(ClusterError) -> ServiceStatus {
    try await timed { () async throws(ClusterError) in try await self.link.status(at: address) }
  }

  /// Does something to the group. It is not asked twice: after `outcomeUnknown` see the status.
  ///
  /// - Parameter address: Which replica is to do it; nil: the leader.
  /// - Returns: How it stands afterwards.
  @discardableResult
  public func manage(
    _ management: Management, at address: Address? = nil
  ) async throws(ClusterError) -> ServiceStatus {
    try await timed { () async throws(ClusterError) in
      let answer = try await self.link.answer(to: .manage(management), at: address)
      guard case .status(let status) = answer else { throw .unreadable }
      return status
    }
  }

  /// Tells the leader of a node, once. `NodeAgent` does it again and again, and keeps the answers.
  ///
  /// - Throws: `unreachable` when no leader answers in time; what a registration is refused for.
  public func heartbeat(
    _ heartbeat: Heartbeat
  ) async throws(ClusterError) -> HeartbeatAnswer {
    try await timed { () async throws(ClusterError) in
      let answer = try await self.link.answer(to: .heartbeat(heartbeat))
      guard case .heartbeat(let heard) = answer else { throw .unreadable }
      return heard
    }
  }

  /// Follows the changes from an index on, for as long as `page` says true.
  ///
  /// - Throws: What ends it: `compacted`, `unreachable`, `cancelled`, also when `page` did.
  public func follow(
    from index: LogIndex, eachPage page: (ChangePage) async -> Bool
  ) async throws(ClusterError) {
    try await link.follow(from: index, eachPage: page)
  }
}
