import AionModel
import AionNode

extension World {
  func chance<Answer>(of kind: FaultKind, _ body: (inout SplitMix64) -> Answer) -> Answer {
    body(&strikes[Int(kind.concern) - 100])
  }

  var isHostile: Bool { if case .hostile = phase { true } else { false } }

  func scheduleStrike(_ kind: FaultKind) {
    guard let mean = scenario.faults.meanPause(of: kind) else { return }
    let pause = chance(of: kind) { $0.span(around: mean) }
    queue.add(.strike(kind), at: now + pause)
  }

  /// A fault's time has come.
  func strike(_ kind: FaultKind) throws(Violation) {
    guard isHostile else { return }
    scheduleStrike(kind)
    trace.note(10, kind.concern)
    switch kind {
    case .partition, .oneWayPartition, .clog: strikePath(kind)
    case .crash, .crashOfAll, .pause, .clockJump: try strikeProcess(kind)
    case .slowSync, .failedSync, .failedWrite, .readError, .fullDisk: strikeDisk(kind)
    case .bitRot, .misdirectedWrite, .wipe: damage(kind)
    case .membership, .transfer, .compaction: try unsettle(kind)
    case .brokenConnection: breakConnection()
    case .loss, .delay, .duplication, .reordering, .clockDrift, .tornWrite, .lostAnswer: break
    }
  }

  /// A fault passes.
  func ease(_ kind: FaultKind, _ id: ReplicaID?) {
    guard isHostile else { return }
    switch kind {
    case .partition, .oneWayPartition:
      say("\(kind.rawValue) mended")
      network.mend(kind)
    default: if let id { mendDisk(of: replica(id), kind) }
    }
  }

  private func scheduleEase(_ kind: FaultKind, _ id: ReplicaID? = nil, after mean: Span) {
    let pause = chance(of: kind) { $0.span(around: mean) }
    queue.add(.ease(kind, id), at: now + pause)
  }

  private var present: [ReplicaID] { replicas.filter { !$0.isRetired }.map(\.id) }

  private func anyLiving(_ kind: FaultKind) -> Replica<Machine>? {
    let living = replicas.filter { $0.life != nil }
    return living.isEmpty ? nil : chance(of: kind) { $0.one(of: living) }
  }

  // MARK: - Paths

  private func strikePath(_ kind: FaultKind) {
    let ids = present
    guard ids.count > 1 else { return }
    situations.note(kind)
    switch kind {
    case .partition:
      let side = chance(of: kind) { chance in ids.map { _ in chance.below(2) } }
      let cut = routes(among: ids) { side[$0] != side[$1] }
      say("partition: \(zip(ids, side).filter { $0.1 == 0 }.map(\.0)) from the others")
      network.cut(cut, by: kind)
      scheduleEase(kind, after: .seconds(4))
    case .oneWayPartition:
      let from = chance(of: kind) { $0.below(ids.count) }
      let hits = chance(of: kind) { chance in ids.map { _ in chance.below(3) > 0 } }
      let isSilent = chance(of: kind) { $0.below(2) == 0 }
      let cut = routes(among: ids) { isSilent ? $0 == from && hits[$1] : $1 == from && hits[$0] }
      say("replica \(ids[from]) \(isSilent ? "is not heard" : "does not hear")")
      network.cut(cut, by: kind)
      scheduleEase(kind, after: .seconds(4))
    default:
      let from = chance(of: kind) { $0.one(of: ids) }
      let to = chance(of: kind) { $0.one(of: ids) }
      let span = chance(of: kind) { $0.span(around: .seconds(2)) }
      say("path \(from) → \(to) clogs")
      network.clog(Route(from, to), until: now + span)
    }
  }

  /// One side hears of it: the other process is well, or has ended long ago.
  private func breakConnection() {
    let ids = present
    guard ids.count > 1 else { return }
    situations.note(.brokenConnection)
    let from = chance(of: .brokenConnection) { $0.one(of: ids) }
    let to = chance(of: .brokenConnection) { $0.one(of: ids) }
    guard from != to, let life = replica(from).life else { return }
    say("the connection \(from) → \(to) breaks")
    queue.add(.lost(from, life: life.number, to), at: now)
  }

  private func routes(
    among ids: [ReplicaID], where isCut: (Int, Int) -> Bool
  ) -> Set<Route> {
    var routes: Set<Route> = []
    for from in ids.indices {
      for to in ids.indices where from != to && isCut(from, to) {
        routes.insert(Route(ids[from], ids[to]))
      }
    }
    return routes
  }

  // MARK: - Processes

  private func strikeProcess(_ kind: FaultKind) throws(Violation) {
    switch kind {
    case .crashOfAll:
      situations.note(kind)
      for replica in replicas where replica.life != nil { crashAndRestart(replica, kind) }
    case .crash:
      let leader = chance(of: kind) { $0.below(3) == 0 } ? self.leader : nil
      guard let victim = leader ?? anyLiving(kind) else { return }
      situations.note(kind)
      crashAndRestart(victim, kind)
    case .pause:
      guard let victim = anyLiving(kind), let life = victim.life else { return }
      situations.note(kind)
      let span = chance(of: kind) { $0.span(around: .seconds(2)) }
      say("replica \(victim.id) stands still for \(span)")
      pause(life, of: victim.id, until: now + span)
    default:
      guard let victim = anyLiving(kind), let life = victim.life else { return }
      situations.note(kind)
      let jump = chance(of: kind) { $0.number(in: -3_600_000...3_600_000) }
      victim.clock.wallOffset = .milliseconds(jump)
      let ticks = chance(of: kind) { $0.below(30) }
      say("replica \(victim.id): the wall clock jumps, \(ticks) ticks at once")
      for _ in 0..<ticks where victim.life === life { try give(.tick, to: victim, life) }
    }
  }

  private func crashAndRestart(_ replica: Replica<Machine>, _ kind: FaultKind) {
    let survival = chance(of: kind) { $0.one(of: scenario.faults.survivals) }
    situations.note(.tornWrite, times: survival == .prefix || survival == .sectors ? 1 : 0)
    crash(replica, survival)
    scheduleRestart(of: replica, within: .milliseconds(chance(of: kind) { $0.below(6_000) } + 1))
  }

  // MARK: - Disks

  private func strikeDisk(_ kind: FaultKind) {
    // What cannot be read counts as lost, if only for now.
    let victim = kind == .readError ? bearableVictim(of: kind) : anyLiving(kind)
    guard let victim else { return }
    if kind == .readError { budget.damage(victim.id) }
    situations.note(kind)
    say("replica \(victim.id): \(kind.rawValue)")
    let disk = victim.disk
    let heaviness = chance(of: kind) { $0.below(3) }
    switch kind {
    case .slowSync: disk.speed.slowness = [10, 100, 1_000][heaviness]
    case .failedSync: disk.faults.sync = [.percent(1), .percent(10), .percent(50)][heaviness]
    case .failedWrite: disk.faults.write = [.percent(1), .percent(10), .percent(50)][heaviness]
    case .readError: disk.faults.read = [.percent(1), .percent(5), .percent(20)][heaviness]
    default: disk.fill(leaving: [0, 700, 4_000][heaviness])
    }
    scheduleEase(kind, victim.id, after: .seconds(3))
  }

  private func mendDisk(of replica: Replica<Machine>, _ kind: FaultKind) {
    switch kind {
    case .slowSync: replica.disk.speed.slowness = 1
    case .failedSync: replica.disk.faults.sync = .never
    case .failedWrite: replica.disk.faults.write = .never
    case .readError:
      replica.disk.faults.read = .never
      if let life = replica.life, life.node.recovery == nil { countAsWhole(replica) }
    case .fullDisk: replica.disk.capacity = nil
    default: break
    }
  }
}

extension SimulatedDisk {
  /// Fills up, but for so many bytes.
  package func fill(leaving room: Int) {
    capacity = nil
    capacity = used + room
  }

  var used: Int {
    directories.values.reduce(0) { sum, directory in
      sum + directory.names.values.reduce(0) { $0 + $1.bytes.count }
    }
  }
}
