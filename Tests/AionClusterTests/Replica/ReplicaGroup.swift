import AionCluster
import AionLog
import AionModel
import AionNode
import AionRaft
import Synchronization

/// Several replicas on real threads and real files, and a network between them that is a call.
final class ReplicaGroup: Sendable {
  fileprivate struct State {
    var planes: [ReplicaID: ReplicatedControlPlane] = [:]
    var leaderships: [ReplicaID: NodeLeadership] = [:]
    var isolated: Set<ReplicaID> = []
    var faults: [ReplicaID: NodeFault] = [:]
    var waiting: [Watch] = []
  }

  fileprivate struct Watch {
    var without: ReplicaID?
    var continuation: CheckedContinuation<ReplicatedControlPlane, Never>
  }

  private let state = Mutex(State())
  private let folders = Mutex<[ReplicaID: DataFolder]>([:])
  let storage: DurableConfiguration
  let electionTicks: Int
  let gathering: Duration

  init(
    storage: DurableConfiguration = .small, electionTicks: Int = 10,
    gathering: Duration = .milliseconds(1)
  ) {
    self.storage = storage
    self.electionTicks = electionTicks
    self.gathering = gathering
  }

  static func founded(
    _ count: UInt64, storage: DurableConfiguration = .small, electionTicks: Int = 10,
    gathering: Duration = .milliseconds(1)
  ) async throws -> ReplicaGroup {
    let group = ReplicaGroup(
      storage: storage, electionTicks: electionTicks, gathering: gathering)
    let ids = (1...count).map { ReplicaID($0) }
    for id in ids { try await group.open(id, .bootstrap(ids)) }
    return group
  }

  /// - Parameter thread: What it takes turns on; nil: with an even number one of its own for that,
  ///   else a thread that does nothing else. Whoever follows cannot tell.
  @discardableResult
  func open(
    _ id: ReplicaID, _ beginning: NodeBeginning, on thread: (any ReplicaThread)? = nil
  ) async throws -> ReplicatedControlPlane {
    let folder = try folders.withLock { folders in
      if let folder = folders[id] { return folder }
      let folder = try DataFolder()
      folders[id] = folder
      return folder
    }
    let identity = LogIdentity(cluster: 7, replica: id, nodeName: "node-\(id)")
    let plane = try await ReplicatedControlPlane.open(
      at: folder.path,
      configuration: ReplicaConfiguration(
        identity: identity, beginning: beginning, storage: storage, tick: .milliseconds(20),
        electionTicks: electionTicks, gathering: gathering),
      outlet: Outlet(of: id, in: self),
      on: thread ?? (id.rawValue.isMultiple(of: 2) ? TurnThread() : nil))
    plane.name([1: PeerName(node: "node-1"), 2: PeerName(node: "node-2", address: "b:2")])
    change { $0.planes[id] = plane }
    return plane
  }

  func close(_ id: ReplicaID) async {
    await self[id]?.close()
    change { state in
      state.planes[id] = nil
      state.leaderships[id] = nil
    }
  }

  /// The next opening finds an empty directory.
  func wipe(_ id: ReplicaID) { folders.withLock { $0[id] = nil } }

  func closeAll() async { for id in ids { await close(id) } }

  subscript(id: ReplicaID) -> ReplicatedControlPlane? { state.withLock { $0.planes[id] } }

  var ids: [ReplicaID] { state.withLock { $0.planes.keys.sorted() } }

  /// Cuts a replica off from the others, or nobody.
  func isolate(_ isolated: Set<ReplicaID>) { state.withLock { $0.isolated = isolated } }

  /// The replica that leads, as soon as one does.
  func leader(otherThan old: ReplicaID? = nil) async -> ReplicatedControlPlane {
    await withCheckedContinuation { continuation in
      change { $0.waiting.append(Watch(without: old, continuation: continuation)) }
    }
  }

  /// Writes where it can be written, until it is.
  func write(_ number: Int) async throws {
    while true {
      do throws(ClusterError) {
        let role = ClusterRoleDescriptor(name: "role-\(number)")
        try await leader().upsertRole(role)
        return
      } catch {
        guard error.isPassing else { throw error }
      }
    }
  }

  private func change(_ body: (inout State) -> Void) {
    let met = state.withLock { state in
      body(&state)
      return state.takeMet()
    }
    for (watch, plane) in met { watch.continuation.resume(returning: plane) }
  }

  // MARK: What replicas tell

  private final class Outlet: ReplicaOutlet {
    private let id: ReplicaID
    private let group: ReplicaGroup

    init(of id: ReplicaID, in group: ReplicaGroup) {
      self.id = id
      self.group = group
    }

    func send(_ envelopes: [Envelope]) {
      for envelope in envelopes { group.pass(envelope) }
    }

    func leadershipChanged(_ leadership: NodeLeadership) {
      group.change { $0.leaderships[id] = leadership }
    }

    func membershipChanged(_ membership: Membership) {}
    func refused(_ refusal: Refused) {}
    func warned(_ fault: LogFault) {}
    func failed(_ fault: NodeFault) { group.change { $0.faults[id] = fault } }
  }

  private func pass(_ envelope: Envelope) {
    let receiver = state.withLock { state -> ReplicatedControlPlane? in
      let isCut = state.isolated.contains(envelope.from) != state.isolated.contains(envelope.to)
      return isCut ? nil : state.planes[envelope.to]
    }
    receiver?.receive(envelope, size: 100)
  }
}

extension ReplicaGroup.State {
  /// Those who wait and wait no longer.
  fileprivate mutating func takeMet() -> [(ReplicaGroup.Watch, ReplicatedControlPlane)] {
    let leading = leaderships.filter { $0.value.role == .leader && planes[$0.key] != nil }
    var met: [(ReplicaGroup.Watch, ReplicatedControlPlane)] = []
    waiting.removeAll { watch in
      let newest = leading.filter { $0.key != watch.without }.max { $0.value.term < $1.value.term }
      guard let plane = newest.flatMap({ planes[$0.key] }) else { return false }
      met.append((watch, plane))
      return true
    }
    return met
  }
}

extension ClusterError {
  /// Whether it is worth while to ask again.
  var isPassing: Bool {
    switch self {
    case .notLeader, .outcomeUnknown, .busy: true
    default: false
    }
  }
}
