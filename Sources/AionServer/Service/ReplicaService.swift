import AionCatalog
import AionCluster
import AionModel
import AionRPC
import AionRaft

/// What a process gives to its clients: its replica.
struct ReplicaService: ControlPlaneService {
  let switchboard: Switchboard

  private func plane() throws(ClusterError) -> ReplicatedControlPlane {
    guard let plane = switchboard.plane else { throw .closed }
    return plane
  }

  // A client that is refused because the process leaves finds the next leader by itself.

  func propose(_ batch: CommandBatch) async throws(ClusterError) -> Applied {
    guard let plane = switchboard.planeForWrites else { throw .nobodyLeads }
    do throws(ClusterError) {
      return try await plane.propose(batch)
    } catch {
      throw error == .closed ? .nobodyLeads : error
    }
  }

  func propose(
    _ batch: CommandBatch, done: @escaping @Sendable (Result<Applied, ClusterError>) -> Void
  ) -> Bool {
    guard let plane = switchboard.planeForWrites else { return false }
    plane.propose(batch) { outcome in
      done(outcome.mapError { $0 == .closed ? .nobodyLeads : $0 })
    }
    return true
  }

  func snapshot(
    for query: Query, _ freshness: Freshness,
    done: @escaping @Sendable (Result<ClusterSnapshot, ClusterError>) -> Void
  ) -> Bool {
    guard !query.needsLeader, freshness == .linearizable, let plane = switchboard.plane else {
      return false
    }
    plane.confirmRead { [weak plane] outcome in
      done(outcome.flatMap { _ in plane.map { .success($0.snapshot()) } ?? .failure(.closed) })
    }
    return true
  }

  func snapshot(_ freshness: Freshness) async throws(ClusterError) -> ClusterSnapshot {
    let plane = try plane()
    switch freshness {
    case .linearizable:
      try await plane.confirmRead()
      return plane.snapshot()
    case .local(let index): return try await plane.snapshot(atLeast: index)
    }
  }

  func answer(
    to query: Query, _ freshness: Freshness
  ) async throws(ClusterError) -> ReadAnswer {
    guard query.needsLeader, freshness == .linearizable else {
      return try await snapshot(freshness).answer(to: query)
    }
    return try await leases(query)
  }

  func heartbeat(_ heartbeat: Heartbeat) async throws(ClusterError) -> HeartbeatAnswer {
    try await switchboard.watch.hear(heartbeat, under: switchboard.leading())
  }

  /// What is left of a lease only the leader knows; others send the client there when there is
  /// something to know.
  private func leases(_ query: Query) async throws(ClusterError) -> ReadAnswer {
    let leading = try? switchboard.leading()
    let state: ClusterSnapshot
    if let leading {
      try await leading.confirm()
      state = leading.plane.snapshot()
    } else {
      state = try await snapshot(.linearizable)
    }
    var answer = try state.answer(to: query)
    for place in answer.leases.indices
    where state.node(answer.leases[place].leader)?.registration != nil {
      guard let leading else { throw switchboard.notLeader }
      answer.leases[place].expiresAfter = try switchboard.watch.timeLeft(
        of: answer.leases[place], under: leading)
    }
    return answer
  }

  func changes(from index: LogIndex) async throws(ClusterError) -> ChangePage {
    try await plane().changePage(from: index)
  }

  func status() async -> ServiceStatus {
    guard let plane = switchboard.plane else {
      var status = ServiceStatus(
        cluster: switchboard.cluster, replica: switchboard.identity, role: .follower)
      status.release = Release.version
      return status
    }
    return ServiceStatus(
      plane.status(), replica: switchboard.identity, book: switchboard.book,
      isLeaving: switchboard.isLeaving)
  }

  func manage(_ management: Management) async throws(ClusterError) -> ServiceStatus {
    let plane = try plane()
    switch management {
    case .add(let peer): try await add(peer, by: plane)
    case .promote(let replica): try await promote(replica, by: plane)
    case .remove(let replica): try await change(.remove(replica), by: plane)
    case .transferLeadership(let replica): try await plane.transferLeadership(to: replica)
    case .compact: try await plane.compact()
    }
    return await status()
  }

  private func add(
    _ peer: PeerIdentity, by plane: ReplicatedControlPlane
  ) async throws(ClusterError) {
    guard !plane.knows(peer.replica) else {
      throw .membershipRefused(.wasMember(peer.replica))
    }
    try await change(.addLearner(peer.replica), by: plane)
    switchboard.met(peer)
  }

  /// Entries that a learner may lack and still count as caught up: they come while it is promoted.
  private static var permittedLag: UInt64 { 1_000 }

  /// A voter that lags would be in the way of every commit until it has caught up.
  private func promote(
    _ replica: ReplicaID, by plane: ReplicatedControlPlane
  ) async throws(ClusterError) {
    let status = plane.status()
    // Whoever does not lead knows nothing of others' progress, and refuses with the leader's name.
    if status.role == .leader {
      if status.membership.voters.contains(replica) { return }
      guard let member = status.progress.first(where: { $0.replica == replica }) else {
        throw .membershipRefused(.notAMember(replica))
      }
      let committed = status.storage.committedIndex
      guard member.phase == .replicating,
        member.match.rawValue + Self.permittedLag > committed.rawValue
      else {
        throw .membershipRefused(.lagging(replica, matched: member.match, committed: committed))
      }
    }
    try await change(.addVoter(replica), by: plane)
  }

  private func change(
    _ step: ConfigurationChange.Step, by plane: ReplicatedControlPlane
  ) async throws(ClusterError) {
    try await plane.changeMembership(ConfigurationChange(steps: [step]))
  }
}

extension ClusterError {
  fileprivate static let nobodyLeads = ClusterError.notLeader(leader: nil, address: nil)
}

extension Query {
  /// Whether a leader knows more of the answer than the state does.
  fileprivate var needsLeader: Bool {
    if case .lease = self { true } else { false }
  }
}

extension ServiceStatus {
  fileprivate init(
    _ status: ReplicaStatus, replica: PeerIdentity, book: PeerBook, isLeaving: Bool
  ) {
    let storage = status.storage
    let membership = status.membership
    self.init(
      cluster: storage.clusterID, replica: replica,
      role: Role(status.role, isLearner: membership.learners.contains(replica.replica)))
    leader = status.leader
    term = storage.term
    committed = storage.committedIndex
    applied = storage.appliedIndex
    last = storage.lastIndex
    snapshot = storage.snapshotIndex
    catalogVersion = storage.catalogVersion
    placementEpoch = storage.placementEpoch
    queuedWrites = storage.queuedWrites
    problem = Self.problem(status, isLeaving: isLeaving)
    release = Release.version
    usedSpace = storage.disk?.used
    freeSpace = storage.disk?.free
    members = membership.everyone.map { id in
      let unknown = PeerIdentity(replica: id, name: "", address: "")
      return Member(
        peer: id == replica.replica ? replica : book[id] ?? unknown,
        votes: membership.voters.contains(id),
        matched: status.progress.first { $0.replica == id }?.match)
    }
  }

  private static func problem(_ status: ReplicaStatus, isLeaving: Bool) -> String? {
    if isLeaving { return "it is shutting down" }
    if !status.isIntroduced { return "not all founders have met it yet" }
    return switch status.storage.health {
    case .writable: nil
    case .diskFull: "its disk is full"
    case .readOnly(let reason): reason
    }
  }
}

extension ServiceStatus.Role {
  fileprivate init(_ role: RoleName, isLearner: Bool) {
    self =
      switch role {
      case .leader: .leader
      case .follower: isLearner ? .learner : .follower
      case .preCandidate, .candidate: .candidate
      }
  }
}
