import AionCatalog
import AionModel
import AionRPC
import Synchronization

/// One state that several replicas answer for, of which one leads: what a group looks like to its
/// clients, without the group.
final class SharedPlane: Sendable {
  private struct Contents {
    var state = ClusterState()
    var history: ChangeHistory
    var leader: ReplicaID? = 1
    var addresses: [ReplicaID: String] = [:]
    var waiting: [CheckedContinuation<Void, Never>] = []
    /// What becomes of the next writes, beside being made.
    var mishaps: [Mishap] = []
    var proposals = 0
    var heartbeats: [Heartbeat] = []
    /// What agents are told.
    var standing = NodeStanding.live(for: .seconds(60))
    var holdsAnswers = false
    /// What replicas say whose disks have failed.
    var diskFaults: [ReplicaID: ClusterError] = [:]
    /// How often one of them has said so.
    var toldDiskFaults = 0
    /// Replicas that answer no reads.
    var hanging: Set<ReplicaID> = []
  }

  /// What goes wrong with a write that is made.
  enum Mishap { case none, loseAnswer(@Sendable () async -> Void), forgetSession }

  private let contents: Mutex<Contents>

  init(historyLimit: Int = 65_536) {
    contents = Mutex(Contents(history: ChangeHistory(after: .zero, limit: historyLimit)))
  }

  var snapshot: ClusterSnapshot { contents.withLock { $0.state.snapshot } }
  var proposals: Int { contents.withLock { $0.proposals } }
  var leader: ReplicaID? { contents.withLock { $0.leader } }

  func lead(_ replica: ReplicaID?) { contents.withLock { $0.leader = replica } }

  fileprivate var members: [ServiceStatus.Member] {
    contents.withLock { contents in
      contents.addresses.sorted { $0.key < $1.key }.map { replica, address in
        let peer = PeerIdentity(replica: replica, name: "node-\(replica)", address: address)
        return ServiceStatus.Member(peer: peer, votes: true)
      }
    }
  }

  /// It belongs to the group no more.
  func remove(_ replica: ReplicaID) {
    contents.withLock { contents in
      contents.addresses[replica] = nil
      if contents.leader == replica { contents.leader = nil }
    }
  }

  func failDisk(of replica: ReplicaID, _ fault: ClusterError) {
    contents.withLock { $0.diskFaults[replica] = fault }
  }

  func hang(_ replica: ReplicaID) { contents.withLock { _ = $0.hanging.insert(replica) } }

  fileprivate func hangs(_ replica: ReplicaID) -> Bool {
    contents.withLock { $0.hanging.contains(replica) }
  }

  var toldDiskFaults: Int { contents.withLock { $0.toldDiskFaults } }

  fileprivate func diskFault(of replica: ReplicaID) -> ClusterError? {
    contents.withLock { contents in
      let fault = contents.diskFaults[replica]
      if fault != nil { contents.toldDiskFaults += 1 }
      return fault
    }
  }

  func address(of replica: ReplicaID, is address: Address) {
    contents.withLock { $0.addresses[replica] = "\(address)" }
  }

  /// Those that the leader heard.
  var heartbeats: [Heartbeat] { contents.withLock { $0.heartbeats } }

  func tellAgents(_ standing: NodeStanding) { contents.withLock { $0.standing = standing } }

  /// Agents are heard, and not answered while this is so.
  func holdAnswers(_ holds: Bool) { contents.withLock { $0.holdsAnswers = holds } }

  fileprivate var holdsAnswers: Bool { contents.withLock { $0.holdsAnswers } }

  /// Waits until the leader has heard so many heartbeats.
  func untilHeard(_ count: Int) async {
    while heartbeats.count < count { await Task.yield() }
  }

  fileprivate func hear(_ heartbeat: Heartbeat) -> HeartbeatAnswer {
    contents.withLock { contents in
      contents.heartbeats.append(heartbeat)
      return HeartbeatAnswer(
        heartbeat.isGoodbye ? .departed : contents.standing, registration: 7, isDraining: true,
        catalogVersion: 3, placementEpoch: 9)
    }
  }

  func next(_ mishaps: Mishap...) { contents.withLock { $0.mishaps = mishaps } }

  /// Applies without asking who leads.
  @discardableResult
  func apply(_ batch: CommandBatch) -> BatchOutcome {
    let (outcome, waiting) = contents.withLock { contents in
      let index = contents.state.snapshot.applied.next
      let outcome = contents.state.apply(batch, at: index)
      if let change = contents.state.change(by: batch, at: index, to: outcome) {
        contents.history.append(change)
      }
      defer { contents.waiting = [] }
      return (outcome, contents.waiting)
    }
    for continuation in waiting { continuation.resume() }
    return outcome
  }

  /// Waits until something more is applied, or the task is cancelled.
  private func untilMore(than index: LogIndex) async throws(ClusterError) {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isThere = contents.withLock { contents in
          if contents.state.snapshot.applied > index || Task.isCancelled { return true }
          contents.waiting.append(continuation)
          return false
        }
        if isThere { continuation.resume() }
      }
    } onCancel: {
      // Wakes all: each looks whether it is the one.
      let waiting = contents.withLock { contents in
        defer { contents.waiting = [] }
        return contents.waiting
      }
      for continuation in waiting { continuation.resume() }
    }
    if Task.isCancelled { throw .cancelled }
  }

  fileprivate func refusal() -> ClusterError {
    contents.withLock { contents in
      .notLeader(
        leader: contents.leader.flatMap { try? NodeID("node-\($0)") },
        address: contents.leader.flatMap { contents.addresses[$0] })
    }
  }

  fileprivate func takeMishap() -> Mishap {
    contents.withLock { contents in
      contents.proposals += 1
      return contents.mishaps.isEmpty ? .none : contents.mishaps.removeFirst()
    }
  }

  fileprivate func page(from index: LogIndex) async throws(ClusterError) -> ChangePage {
    while true {
      let (changes, applied) = try contents.withLock { contents throws(ClusterError) in
        (try contents.history.changes(from: index, limit: 16), contents.state.snapshot.applied)
      }
      if let last = changes.last {
        return ChangePage(
          changes: Array(changes), through: changes.count < 16 ? applied : last.index)
      }
      if applied >= index { return ChangePage(changes: [], through: applied) }
      try await untilMore(than: applied)
    }
  }

  fileprivate func snapshot(atLeast index: LogIndex) async throws(ClusterError) -> ClusterSnapshot {
    while true {
      let snapshot = snapshot
      if snapshot.applied >= index { return snapshot }
      try await untilMore(than: snapshot.applied)
    }
  }
}

/// One of the replicas.
struct SharedReplica: ControlPlaneService {
  let plane: SharedPlane
  let replica: ReplicaID

  func propose(_ batch: CommandBatch) async throws(ClusterError) -> Applied {
    guard plane.leader == replica else { throw plane.refusal() }
    switch plane.takeMishap() {
    case .none: return try plane.apply(batch).get()
    case .loseAnswer(let meanwhile):
      plane.apply(batch)
      await meanwhile()
      throw .outcomeUnknown
    case .forgetSession:
      if let stamp = batch.stamp { plane.apply(CommandBatch(.closeSession(stamp.session))) }
      return try plane.apply(batch).get()
    }
  }

  func snapshot(_ freshness: Freshness) async throws(ClusterError) -> ClusterSnapshot {
    switch freshness {
    case .linearizable:
      if plane.hangs(replica) { await untilCancelled() }
      if let fault = plane.diskFault(of: replica) { throw fault }
      guard plane.leader != nil else { throw plane.refusal() }
      return plane.snapshot
    case .local(let index): return try await plane.snapshot(atLeast: index)
    }
  }

  func changes(from index: LogIndex) async throws(ClusterError) -> ChangePage {
    try await plane.page(from: index)
  }

  func status() async -> ServiceStatus {
    let identity = PeerIdentity(replica: replica, name: "node-\(replica)", address: "127.0.0.1:1")
    var status = ServiceStatus(
      cluster: 7, replica: identity, role: plane.leader == replica ? .leader : .follower)
    status.leader = plane.leader
    status.applied = plane.snapshot.applied
    status.members = plane.members
    (status.release, status.usedSpace) = ("9.9.9", .kibibytes(1_536))
    return status
  }

  func heartbeat(_ heartbeat: Heartbeat) async throws(ClusterError) -> HeartbeatAnswer {
    guard plane.leader == replica else { throw plane.refusal() }
    let answer = plane.hear(heartbeat)
    while plane.holdsAnswers, !Task.isCancelled { await Task.yield() }
    return answer
  }

  func manage(_ management: Management) async throws(ClusterError) -> ServiceStatus {
    guard case .transferLeadership(let target) = management else {
      throw .membershipRefused(.notAMember(9))
    }
    guard plane.leader == replica else { throw plane.refusal() }
    plane.lead(target)
    return await status()
  }
}

extension SharedPlane {
  /// Begins to answer for a replica.
  func serve(
    _ replica: ReplicaID, heartbeat: Duration = .seconds(1),
    _ change: (inout Endpoint.Setup) -> Void = { _ in }
  ) async throws -> Endpoint {
    let server = OperationServer(
      SharedReplica(plane: self, replica: replica), heartbeat: heartbeat)
    let host = TestHost(replica) { request, client, items in
      await server.serve(request, for: client, through: items)
    }
    let endpoint = try await Endpoint.start(for: host, change)
    address(of: replica, is: endpoint.address)
    return endpoint
  }
}

extension RemoteControlPlane {
  /// A client that knows these replicas.
  convenience init(
    to endpoints: Endpoint..., token: String? = nil,
    _ change: (inout RemoteConfiguration) -> Void = { _ in }
  ) {
    var configuration = RemoteConfiguration(
      addresses: endpoints.map(\.address), name: "test", seed: 1)
    configuration.token = token
    configuration.timeout = .seconds(60)
    change(&configuration)
    self.init(configuration)
  }
}
