import AionCluster
import AionModel
import AionPlacement
import AionRPC
import Logging
import Synchronization

/// Hears the agents of nodes while this process leads, and marks down who is silent
/// (Docs/Decisions/0020-liveness.md).
final class NodeWatch: Sendable {
  private struct State {
    var table: LivenessTable?
    /// The leadership that the table belongs to.
    var term = Term.zero
  }

  let meters = NodeMeters()
  /// Told whenever a node comes or goes.
  let changes: AsyncStream<Void>
  private let tellChange: AsyncStream<Void>.Continuation
  private let settings: NodeSettings
  private let logger: Logger
  private let state = Mutex(State())

  init(_ settings: NodeSettings, logger: Logger) {
    self.settings = settings
    self.logger = logger
    (changes, tellChange) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Has those who wait for changes look now.
  func tellChanges() { tellChange.yield() }

  /// What is known under a leadership; it begins empty with each.
  private func withTable<Answer: Sendable>(
    of leading: Leading, _ body: (inout LivenessTable) -> Answer
  ) throws(ClusterError) -> Answer {
    let answer = state.withLock { state -> Answer? in
      // Who was kept waiting since an earlier leadership must not begin that one anew.
      guard leading.term >= state.term else { return nil }
      if leading.term > state.term { state.table = nil }
      state.term = leading.term
      var table =
        state.table.take()
        ?? LivenessTable(from: .now, longestLook: settings.lookInterval * 4)
      defer { state.table = table }
      return body(&table)
    }
    guard let answer else { throw .notLeader(leader: nil, address: nil) }
    return answer
  }

  /// This process does not lead: what it knew is worth nothing to the next leader, nor to itself
  /// when it leads again.
  func forget() { state.withLock { $0.table = nil } }

  /// The table of now; nil while this process does not lead.
  var table: LivenessTable? { state.withLock { $0.table } }
}

// MARK: - Hearing

extension NodeWatch {
  /// Hears an agent.
  ///
  /// - Throws: `notLeader`; `invalidName` and code 22023 for what cannot be registered; what a
  ///   proposal throws.
  func hear(
    _ heartbeat: Heartbeat, under leading: Leading
  ) async throws(ClusterError) -> HeartbeatAnswer {
    let received = ContinuousClock.now
    meters.heartbeats.add()
    // No other leader can have begun to count silence before the heartbeat came.
    try await leading.confirm()
    for _ in 0..<Self.attempts {
      let snapshot = leading.plane.snapshot()
      let node = snapshot.node(heartbeat.node)
      let step = try withTable(of: leading) { $0.step(for: heartbeat, of: node) }
      func answer(_ standing: NodeStanding, _ registration: PlacementEpoch?) -> HeartbeatAnswer {
        HeartbeatAnswer(
          standing, registration: registration, isDraining: node?.isDraining ?? false,
          catalogVersion: snapshot.catalogVersion, placementEpoch: snapshot.placementEpoch)
      }
      switch step {
      case .extend(let registration):
        let isLive = try withTable(of: leading) {
          $0.heard(heartbeat, as: registration, received: received)
        }
        if isLive {
          return answer(.live(for: registration.timeToLive.duration), registration.epoch)
        }
      case .register(let renewing): try await register(heartbeat, renewing, under: leading)
      case .depart(let registration):
        try await depart(heartbeat.node, registration, under: leading)
      case .tell(let standing):
        if standing != .departed { meters.hopelessHeartbeats.add() }
        return answer(standing, nil)
      }
    }
    throw .other(
      sqlState: "40001",
      message: "the registration of \(heartbeat.node) changes all the time; the next heartbeat sees"
    )
  }

  /// One step, and another look at what came of it; more than twice only when others interfere.
  private static var attempts: Int { 4 }

  private func register(
    _ heartbeat: Heartbeat, _ renewing: PlacementEpoch?, under leading: Leading
  ) async throws(ClusterError) {
    let timeToLive = heartbeat.timeToLive
    // One that runs already is not thrown out by a leader that is configured otherwise.
    if renewing == nil, !settings.allows(timeToLive) {
      throw .timeToLive("\(timeToLive)", allowed: settings.allowed)
    }
    do throws(ClusterError) {
      let applied = try await leading.plane.propose(
        .registerNode(
          heartbeat.node, rpcEndpoint: heartbeat.rpcEndpoint, agent: heartbeat.agent,
          timeToLive: timeToLive, renewing: renewing))
      guard applied.hasChanges else { return }
    } catch {
      // Removed since: the next look tells.
      if case .unknownNode = error { return }
      throw error
    }
    meters.registrations.add()
    logger.info(
      "node registered",
      metadata: ["node": "\(heartbeat.node)", "endpoint": "\(heartbeat.rpcEndpoint)"])
    tellChanges()
  }

  private func depart(
    _ node: NodeID, _ registration: PlacementEpoch, under leading: Leading
  ) async throws(ClusterError) {
    do throws(ClusterError) {
      let applied = try await leading.plane.propose(.expireNode(node, registration: registration))
      guard applied.hasChanges else { return }
    } catch {
      if case .unknownNode = error { return }
      throw error
    }
    meters.departures.add()
    logger.info("node said goodbye", metadata: ["node": "\(node)"])
    tellChanges()
  }
}

// MARK: - Looking

extension NodeWatch {
  /// Marks down who was silent for too long.
  func look(under leading: Leading) async throws(ClusterError) {
    let silent = try withTable(of: leading) { table in
      // Taken here, so that it shows every registration that the table knows of.
      table.look(at: leading.plane.snapshot().nodes(), now: .now)
      return table.takeSilent(at: .now)
    }
    guard !silent.isEmpty else { return }
    await withTaskGroup(of: Void.self) { group in
      for node in silent { group.addTask { await self.expire(node, under: leading) } }
    }
    tellChanges()
  }

  private func expire(_ silent: SilentNode, under leading: Leading) async {
    do throws(ClusterError) {
      let applied = try await leading.plane.propose(
        .expireNode(silent.node, registration: silent.registration))
      if applied.hasChanges {
        meters.expirations.add()
        logger.warning("node is silent, marked down", metadata: ["node": "\(silent.node)"])
      }
    } catch {
      logger.debug(
        "node not marked down", metadata: ["node": "\(silent.node)", "reason": "\(error.message)"])
      // Where it may yet be, the node stays condemned: it comes back by registering anew.
      guard !error.leavesChangeOpen else { return }
      _ = try? withTable(of: leading) { $0.settle(silent) }
    }
  }

  /// What is left of a lease whose leader's node is watched.
  ///
  /// - Parameter leading: Confirmed after the question came.
  func timeLeft(of lease: EpochLease, under leading: Leading) throws(ClusterError) -> Duration? {
    try withTable(of: leading) { table in
      if table.timeLeft(of: lease.leader, at: .now) == nil {
        table.look(at: leading.plane.snapshot().nodes(), now: .now)
      }
      return table.timeLeft(of: lease.leader, at: .now)
    }
  }

  /// The learners that are caught up by what their nodes told.
  func caughtUpLearners(
    among shards: [ShardDescriptor], under leading: Leading
  ) throws(ClusterError) -> Set<ReplicaCatchupKey> {
    // Shards may be a million: not under the lock that every heartbeat takes.
    try withTable(of: leading) { $0 }.caughtUpLearners(among: shards)
  }
}
