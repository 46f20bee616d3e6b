import AionCatalog
import AionLog
import AionModel
import AionNode
import AionRaft

/// Several replicas and a network between them, in one thread, from one seed.
final class Group {
  static let cluster: ClusterID = 7

  var options: NodeOptions
  var disks: [ReplicaID: InMemoryDisk] = [:]
  private(set) var members: [ReplicaID: Member] = [:]
  /// Under way, oldest first.
  var network: [Envelope] = []
  /// What the network loses.
  var loses: (Envelope) -> Bool = { _ in false }
  var writesSnapshots = true
  private var chance: SplitMix64
  private var lastID: SubmissionID = 0

  init(seed: UInt64 = 42, options: NodeOptions = .grouped) {
    chance = SplitMix64(seed: seed)
    self.options = options
  }

  /// Founds a group and lets it choose a leader.
  static func founded(
    _ count: Int, seed: UInt64 = 42, options: NodeOptions = .grouped
  ) throws(NodeFault) -> Group {
    let group = Group(seed: seed, options: options)
    let ids = (1...UInt64(count)).map { ReplicaID($0) }
    for id in ids { try group.open(id, .bootstrap(ids)) }
    group.settle()
    return group
  }

  /// Opens a replica's directory, as it is after a crash if it was open.
  @discardableResult
  func open(_ id: ReplicaID, _ beginning: NodeBeginning) throws(NodeFault) -> Member {
    let disk = disks[id] ?? InMemoryDisk()
    disks[id] = disk
    let member = try Member(
      id, of: Self.cluster, on: disk, beginning, options, seed: chance.next())
    members[id] = member
    collect(member)
    return member
  }

  /// The power goes; the replica is off until it is opened again.
  func crash(_ id: ReplicaID, _ survival: InMemoryDisk.Survival = .synced) {
    members[id] = nil
    disks[id]?.crash(survival)
    network.removeAll { $0.to == id }
  }

  /// As a crash, and the disk is replaced by an empty one.
  func wipe(_ id: ReplicaID) {
    crash(id)
    disks[id] = nil
  }

  subscript(id: ReplicaID) -> Member {
    guard let member = members[id] else { preconditionFailure("replica \(id) is not open") }
    return member
  }

  var ids: [ReplicaID] { members.keys.sorted() }

  /// The leader of the highest term among those that are open.
  var leader: Member? {
    members.values.filter { $0.status.role == .leader && $0.status.fault == nil }
      .max { $0.status.term < $1.status.term }
  }

  /// Runs `body` on a replica and takes what follows from it.
  func with(_ id: ReplicaID, _ body: (Member) -> Void) {
    guard let member = members[id] else { return }
    body(member)
    collect(member)
  }

  private func collect(_ member: Member) {
    network += member.takeEffects(writingSnapshots: writesSnapshots)
  }
}

// MARK: - Time and the network

extension Group {
  /// Delivers the oldest envelope; false when none is under way.
  func deliverOne() -> Bool {
    guard !network.isEmpty else { return false }
    let envelope = network.removeFirst()
    if loses(envelope) { return true }
    with(envelope.to) { $0.node.receive(envelope, effects: &$0.effects) }
    return true
  }

  func deliverAll() {
    var steps = 0
    while deliverOne() {
      steps += 1
      precondition(steps < 1_000_000, "the network does not come to rest")
    }
  }

  func tick() {
    for id in ids { with(id) { $0.node.tick(effects: &$0.effects) } }
  }

  /// Lets time pass, delivering everything after each tick.
  func run(ticks: Int) {
    deliverAll()
    for _ in 0..<ticks {
      tick()
      deliverAll()
    }
  }

  /// Long enough for an election and for what follows it.
  func settle() { run(ticks: 60) }

  /// Cuts replicas off from the others, both ways.
  func isolate(_ isolated: Set<ReplicaID>) {
    loses = { isolated.contains($0.from) != isolated.contains($0.to) }
  }

  func heal() { loses = { _ in false } }
}

// MARK: - Asking

extension Group {
  /// Proposes at a replica, delivering nothing.
  @discardableResult
  func submit(_ command: Command, at id: ReplicaID) -> SubmissionID {
    lastID.rawValue += 1
    let name = lastID
    with(id) {
      $0.node.propose(
        [Submission(CommandBatch(command))], from: name, at: .epoch, effects: &$0.effects)
    }
    return name
  }

  /// Proposes at the leader and waits for the outcome; nil when none came.
  func propose(_ command: Command) -> Member.Outcome? {
    guard let leader else { return nil }
    let name = submit(command, at: leader.node.identity.replica)
    run(ticks: 3)
    return leader.outcomes[name]
  }

  /// Changes the members at the leader and waits for the outcome.
  func change(_ steps: ConfigurationChange.Step...) -> Result<Membership, ClusterError>? {
    guard let leader else { return nil }
    lastID.rawValue += 1
    let name = lastID
    with(leader.node.identity.replica) {
      $0.node.changeMembership(
        ConfigurationChange(steps: steps), name, at: .epoch, effects: &$0.effects)
    }
    run(ticks: 20)
    return leader.memberships[name]
  }

  /// The digests of all open replicas, which are the same when all have applied the same.
  var digests: Set<StateDigest> { Set(members.values.map { $0.snapshot.digest }) }
}

extension NodeOptions {
  /// Files so small that a test crosses their limits.
  static var grouped: NodeOptions {
    var options = NodeOptions.small
    options.keptEntries = 5
    return options
  }
}
