import AionModel
import AionRaft

/// Replicas in a network that loses, repeats and reorders, on machines that crash between any two
/// steps, all by one seed; it records the first broken promise.
struct HostileWorld {
  struct Machine {
    var core: RaftCore
    var disk: Replica.Disk
    /// Taken and not yet completed, oldest first; lost in a crash.
    var open: [Output] = []
    /// Up to where entries were applied since the last start.
    var applied = LogIndex.zero
  }

  var machines: [Machine] = []
  var network: [Message] = []
  var chance: SplitMix64
  var options: RaftOptions
  /// What was applied by anyone, by index.
  var history: [LogIndex: Entry] = [:]
  var leaders: [Term: ReplicaID] = [:]
  var broken: String?
  var proposals = 0

  init(voters: Int, spares: Int, options: RaftOptions, seed: UInt64) throws {
    chance = SplitMix64(seed: seed)
    self.options = options
    let members = Membership(voters: (1...UInt64(voters)).map { ReplicaID($0) })
    for number in 1...UInt64(voters + spares) {
      let start = SnapshotMetadata(
        position: .zero, membership: number <= voters ? members : Membership())
      machines.append(
        Machine(
          core: try RaftCore(
            id: ReplicaID(number), options: options, seed: chance.next(), snapshot: start),
          disk: Replica.Disk(snapshot: start)))
    }
  }

  mutating func run(steps: Int) throws {
    for _ in 0..<steps where broken == nil { try act() }
  }

  /// Messages flow, outputs are completed, nobody crashes: whatever happened, it comes right.
  mutating func heal(rounds: Int) throws {
    for _ in 0..<rounds where broken == nil {
      for place in machines.indices {
        try reportLostSnapshots(place)
        try machines[place].core.step(.tick)
        drain(place)
      }
      for _ in 0..<6 {
        let due = network
        network = []
        for message in due { hand(message) }
        for place in machines.indices { drain(place) }
      }
    }
  }

  /// The transport owes a leader word of every snapshot.
  private mutating func reportLostSnapshots(_ place: Int) throws {
    for member in machines[place].core.status.members {
      guard case .installing = member.phase else { continue }
      try machines[place].core.step(.snapshotStatus(member.replica, delivered: false))
    }
  }

  private mutating func drain(_ place: Int) {
    while machines[place].core.hasOutput || !machines[place].open.isEmpty {
      takeOutput(place)
      completeOutput(place)
    }
  }

  private mutating func act() throws {
    let place = Int.random(in: machines.indices, using: &chance)
    switch Int.random(in: 0..<100, using: &chance) {
    case 0..<12: try machines[place].core.step(.tick)
    case 12..<50: deliver()
    case 50..<66: takeOutput(place)
    case 66..<82: completeOutput(place)
    case 82..<90: propose(place)
    case 90..<93: loseMessage()
    case 93..<95: changeMembership(place)
    case 95..<97: takeSnapshot(place)
    case 97: try crash(place)
    case 98: try? machines[place].core.step(.transferLeadership(to: anyReplica()))
    default:
      let other = anyReplica()
      try? machines[place].core.step(
        Bool.random(using: &chance) ? .unreachable(other) : .lost(other))
    }
    check(place)
  }

  private mutating func anyReplica() -> ReplicaID {
    ReplicaID(UInt64.random(in: 1...UInt64(machines.count), using: &chance))
  }

  private mutating func deliver() {
    guard !network.isEmpty else { return }
    let place = Int.random(in: network.indices, using: &chance)
    let message = network[place]
    if chance.next() % 10 != 0 { network.remove(at: place) }
    hand(message)
  }

  private mutating func hand(_ message: Message) {
    let place = Int(message.to.rawValue) - 1
    do throws(RaftRefusal) {
      try machines[place].core.step(.message(message))
    } catch {
      switch error {
      case .acknowledgedEntriesLost, .conflictsWithCommitted, .malformedMessage, .notAddressee:
        broken = "\(message) was refused: \(error)"
      default: break
      }
    }
    check(place)
  }

  private mutating func loseMessage() {
    guard !network.isEmpty else { return }
    network.remove(at: Int.random(in: network.indices, using: &chance))
  }

  private mutating func takeOutput(_ place: Int) {
    guard machines[place].core.hasOutput else { return }
    let output = machines[place].core.takeOutput()
    network += output.messages
    machines[place].open.append(output)
  }

  private mutating func completeOutput(_ place: Int) {
    guard !machines[place].open.isEmpty else { return }
    let output = machines[place].open.removeFirst()
    machines[place].disk.save(output)
    if let snapshot = output.snapshot { machines[place].applied = snapshot.position.index }
    machines[place].core.persisted(through: output.receipt)
    network += output.messagesAfterSync
    for entry in output.committed { apply(entry, place) }
    if let last = output.committed.last { machines[place].core.applied(through: last.index) }
    if output.wantsSnapshot { takeSnapshot(place) }
    check(place)
  }

  private mutating func apply(_ entry: Entry, _ place: Int) {
    let id = machines[place].core.id
    if machines[place].applied.next != entry.index {
      broken = "\(id) applied \(entry.index) after \(machines[place].applied)"
    }
    machines[place].applied = entry.index
    if let other = history[entry.index], other != entry {
      broken = "\(id) applied \(entry) where another applied \(other)"
    }
    history[entry.index] = entry
  }

  private mutating func propose(_ place: Int) {
    proposals += 1
    _ = try? machines[place].core.propose([.text("\(proposals)")])
  }

  private mutating func changeMembership(_ place: Int) {
    let steps = (0..<Int.random(in: 0...2, using: &chance)).map {
      _ -> ConfigurationChange.Step in
      let replica = anyReplica()
      return switch Int.random(in: 0..<4, using: &chance) {
      case 0: .remove(replica)
      case 1: .addLearner(replica)
      default: .addVoter(replica)
      }
    }
    let change = ConfigurationChange(
      transition: chance.next() % 2 == 0 ? .automatic : .explicit, steps: steps)
    try? machines[place].core.step(.proposeConfiguration(change))
  }

  private mutating func takeSnapshot(_ place: Int) {
    let core = machines[place].core
    guard core.applied > machines[place].disk.snapshot.position.index,
      core.applied == machines[place].applied, let term = core.term(at: core.applied)
    else { return }
    let snapshot = SnapshotMetadata(
      position: LogPosition(term: term, index: core.applied), membership: core.membership)
    machines[place].disk.snapshot = snapshot
    machines[place].disk.entries.removeAll { $0.index <= core.applied }
    machines[place].core.snapshotTaken(snapshot)
    machines[place].core.compact(through: core.applied)
  }

  private mutating func crash(_ place: Int) throws {
    let disk = machines[place].disk
    let id = machines[place].core.id
    machines[place].open = []
    machines[place].applied = disk.snapshot.position.index
    machines[place].core = try RaftCore(
      id: id, options: options, seed: chance.next(), snapshot: disk.snapshot,
      hardState: disk.hardState, entries: disk.entries)
  }

  private mutating func check(_ place: Int) {
    let core = machines[place].core
    core.checkInvariants()
    guard core.roleName == .leader else { return }
    if let other = leaders[core.term], other != core.id {
      broken = "\(other) and \(core.id) lead term \(core.term)"
    }
    guard leaders[core.term] == nil else { return }
    leaders[core.term] = core.id
    // Leader completeness: what was applied by anyone is in the log of every later leader.
    for (index, entry) in history where index >= core.firstIndex {
      if core.term(at: index) != entry.term {
        broken = "\(core.id) leads term \(core.term) without \(entry.position)"
      }
    }
  }
}
