import AionCatalog
import AionLog
import AionModel
import AionNode
import AionRaft
import Testing

/// Whatever rots, and however much of it, the group stays right; while a majority is whole, it
/// also stays available.
@Suite("Rot at random")
struct GroupRotTests {
  @Test(
    "Any disks rot at any time, on any network: nothing acknowledged is lost", arguments: 1...60)
  func anything(seed: UInt64) throws {
    var run = try RotRun(seed: seed, count: seed.isMultiple(of: 3) ? 5 : 3)
    for _ in 0..<1_500 { try run.step() }
    try run.finish()
  }
}

/// One run from one seed. Repeat it with `--filter GroupRotTests` and its seed alone as argument.
private struct RotRun {
  private let seed: UInt64
  private let count: Int
  private let group: Group
  private var chance: SplitMix64
  private var written = 0
  private var waiting: [SubmissionID: (Int, at: ReplicaID)] = [:]
  private var acknowledged: Set<Int> = []
  private var leaders: [Term: ReplicaID] = [:]
  private var digests: [LogIndex: StateDigest] = [:]
  /// Replicas that may still rot: with a majority of them rotten nothing would come of the run.
  private var rotsLeft: Int

  init(seed: UInt64, count: Int) throws {
    self.seed = seed
    self.count = count
    group = try Group.founded(count, seed: seed)
    chance = SplitMix64(seed: seed)
    rotsLeft = Int(seed % 4) * 2 + 2
  }

  private var comment: Comment { "seed \(seed)" }

  private mutating func draw(_ bound: Int) -> Int { Int(chance.next() % UInt64(bound)) }

  private mutating func anyone() -> ReplicaID { ReplicaID(UInt64(draw(count)) + 1) }

  mutating func step() throws {
    switch draw(100) {
    case 0..<62: deliver()
    case 62..<90: group.with(anyone()) { $0.node.tick(effects: &$0.effects) }
    case 90..<97: write()
    case 97: try restart(anyone())
    case 98: try rot(anyone())
    default: group.with(anyone()) { _ = $0.node.requestSnapshot(effects: &$0.effects) }
    }
    try check()
  }

  /// Some are lost, some come twice, and some much later, in another life of who sent them.
  private mutating func deliver() {
    guard !group.network.isEmpty else { return }
    if group.network.count > 200 { group.network.removeFirst(50) }
    let place = draw(4) == 0 ? draw(group.network.count) : 0
    let envelope = group.network.remove(at: place)
    switch draw(20) {
    case 0: return
    case 1: group.network.append(envelope)
    case 2:
      group.network.append(envelope)
      return
    default: break
    }
    group.with(envelope.to) { $0.node.receive(envelope, effects: &$0.effects) }
  }

  private mutating func write() {
    guard let leader = group.leader?.node.identity.replica else { return }
    written += 1
    waiting[group.submit(AionNodeTests.write(written), at: leader)] = (written, at: leader)
  }

  private mutating func restart(_ id: ReplicaID) throws {
    group.crash(id, .sectors(seed: chance.next()))
    try reopen(id)
  }

  /// A bit of a log or a snapshot, or of one copy of the group's record.
  private mutating func rot(_ id: ReplicaID) throws {
    guard rotsLeft > 0 else { return }
    rotsLeft -= 1
    group.crash(id)
    let disk = try #require(group.disks[id])
    let paths = disk.paths.filter {
      $0.hasSuffix(".log") || $0.hasSuffix(".snap") || $0 == "/group"
    }
    let path = paths[draw(paths.count)]
    let bytes = try #require(disk.contents(of: path))
    let end = (bytes.lastIndex { $0 != 0 } ?? 0) + 1
    if draw(4) == 0 {
      disk.removeFile(at: path)
    } else {
      try group.rot(id, .byte(draw(end), of: path))
    }
    try reopen(id)
  }

  private func reopen(_ id: ReplicaID) throws {
    do { try group.reopen(id, of: count) } catch {
      Issue.record("replica \(id) does not open: \(error); \(comment)")
      throw error
    }
  }

  private mutating func check() throws {
    for id in group.ids {
      let member = group[id]
      let status = member.status
      try #require(status.fault == nil, comment)
      if status.role == .leader {
        let first = leaders[status.term] ?? id
        try #require(first == id, "two leaders in term \(status.term), \(comment)")
        leaders[status.term] = first
        try #require(status.recovery == nil, comment)
      }
      let snapshot = member.snapshot
      let digest = digests[status.applied] ?? snapshot.digest
      try #require(digest == snapshot.digest, "another state at \(status.applied), \(comment)")
      digests[status.applied] = digest
    }
    for (name, submission) in waiting where group.ids.contains(submission.at) {
      guard let outcome = group[submission.at].outcomes[name] else { continue }
      waiting[name] = nil
      if case .success = outcome { acknowledged.insert(submission.0) }
    }
  }

  /// The network heals. Whoever is whole, if they are enough, repairs the others.
  mutating func finish() throws {
    group.settle()
    group.run(ticks: 100)
    try check()
    let whole = group.ids.filter { !group.isRecovering($0) }
    guard whole.count > count / 2 else {
      try #require(group.leader == nil, comment)
      return
    }
    try #require(whole.count == count, comment)
    let state = try #require(group.leader, comment).snapshot
    for number in acknowledged {
      try #require(state.role(named: "role-\(number)") != nil, "write \(number), \(comment)")
    }
    try #require(group.digests.count == 1, comment)
    try #require((try? group.propose(AionNodeTests.write(written + 1))?.get()) != nil, comment)
  }
}
