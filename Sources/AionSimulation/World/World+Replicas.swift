import AionLog
import AionModel
import AionNode
import AionRaft

// MARK: - From opening to crash

extension World {
  func open(_ replica: Replica<Machine>) throws(Violation) {
    guard replica.life == nil, !replica.isRetired else { return }
    replica.restartAt = nil
    replica.disk.begin(at: now)
    lastLife += 1
    let failuresBefore = replica.disk.tally.failures
    let identity = LogIdentity(
      cluster: Self.cluster, replica: replica.id, nodeName: "node-\(replica.id)")
    let life: Life<Machine>
    do throws(NodeFault) {
      let node = try Life<Machine>.Node(
        opening: replica.disk.root, as: identity, beginning: replica.beginning,
        options: scenario.options, seed: lives.next(), now: replica.clock.wallTime(at: now))
      life = Life(number: lastLife, node: node, on: replica.disk)
    } catch {
      return try cannotOpen(replica, error, failuresBefore)
    }
    replica.life = life
    trace.note(1, replica.id.rawValue, UInt64(life.number), life.node.applied.rawValue)
    try noteOpening(of: replica, life)
    try check(life.node.machine.view, after: life.node.applied, of: replica, .snapshotFidelity)
    life.mark.applied = life.node.applied
    life.node.start(effects: &life.effects)
    try endCall(replica, life)
    let phase = Span(microseconds: lives.below(replica.clock.interval.microseconds))
    queue.add(.tick(replica.id, life: life.number), at: now + phase)
  }

  private func noteOpening(
    of replica: Replica<Machine>, _ life: Life<Machine>
  ) throws(Violation) {
    let report = life.node.recoveryReport
    say(
      "replica \(replica.id) opens: snapshot \(life.node.applied), last "
        + "\(life.node.core.lastPosition)\(report.tornTail == nil ? "" : ", torn tail dropped")"
        + "\(life.node.recovery == nil ? "" : ", recovers")")
    situations.note(.restart, if: life.node.core.lastPosition.index > .zero)
    situations.note(.tornTail, if: report.tornTail != nil)
    situations.note(.leftovers, if: !report.leftovers.isEmpty)
    situations.note(.olderSnapshot, if: !report.damagedSnapshots.isEmpty)
    situations.note(.damageFound, if: !report.lost.isEmpty)
    for other in replicas { introduce(other.id, to: life) }
    if life.node.recovery != nil {
      let found = report.lost.isEmpty ? life.node.recovery?.damage : "\(report.lost)"
      try noteRecovery(of: replica, found ?? "")
    } else {
      // What was damaged was of no use any more.
      countAsWhole(replica)
    }
  }

  /// A wiped replica never is; one whose disk still fails to read may lose the same again.
  func countAsWhole(_ replica: Replica<Machine>) {
    guard replica.wipes == 0, replica.disk.faults.read == .never else { return }
    budget.release(replica.id)
  }

  /// Lets a node send callers on to another one.
  func introduce(_ id: ReplicaID, to life: Life<Machine>) {
    guard let name = try? NodeID("node-\(id)") else { return }
    life.node.names[id] = PeerName(node: name)
  }

  /// A directory cannot be opened. A disk that failed is tried again later; one whose contents do
  /// not hold is given up.
  private func cannotOpen(
    _ replica: Replica<Machine>, _ fault: NodeFault, _ failuresBefore: Int
  ) throws(Violation) {
    say("replica \(replica.id) cannot open: \(fault)")
    trace.note(2, replica.id.rawValue)
    replica.disk.crash(at: replica.disk.time, .everything)
    if replica.disk.tally.failures > failuresBefore {
      situations.note(.openingFailed)
      return scheduleRestart(of: replica)
    }
    guard budget.damaged.contains(replica.id) else {
      throw Violation(.wholeness, "replica \(replica.id) cannot open a whole disk: \(fault)")
    }
    situations.note(.damageFound)
    replica.isBeyondRepair = true
  }

  /// The process ends, and with it what it had not synced, as far as `survival` says.
  func crash(_ replica: Replica<Machine>, _ survival: Survival) {
    if let life = replica.life {
      say("replica \(replica.id) crashes, keeping \(survival.rawValue)")
      situations.note(.crashInCall, if: life.isHolding)
      situations.note(.leaderCrash, if: life.node.core.roleName == .leader)
    }
    trace.note(3, replica.id.rawValue)
    if replica.life != nil { tellLost(replica.id) }
    replica.life = nil
    replica.disk.crash(at: now, survival)
  }

  func scheduleRestart(of replica: Replica<Machine>, within mean: Span = .seconds(1)) {
    let time = now + Span(microseconds: 1 + operatorChance.below(2 * mean.microseconds))
    replica.restartAt = time
    queue.add(.restart(replica.id), at: time)
  }

  func restart(_ id: ReplicaID) throws(Violation) {
    let replica = replica(id)
    guard replica.restartAt == now, !replica.isBeyondRepair else { return }
    try open(replica)
  }
}

// MARK: - Giving

extension World {
  func tick(_ id: ReplicaID, _ number: Int) throws(Violation) {
    guard let life = life(id, number) else { return }
    queue.add(.tick(id, life: number), at: now + replica(id).clock.interval)
    // A process that stands still misses ticks; it does not make up for them.
    let isWaiting = life.inbox.contains { if case .tick = $0 { true } else { false } }
    if !isWaiting { try give(.tick, to: replica(id), life) }
  }

  func give(
    _ stimulus: Life<Machine>.Stimulus, to id: ReplicaID, _ number: Int
  ) throws(Violation) {
    if let life = life(id, number) { try give(stimulus, to: replica(id), life) }
  }

  /// Gives a node something, at once or when its disk is done with what came before.
  func give(
    _ stimulus: Life<Machine>.Stimulus, to replica: Replica<Machine>, _ life: Life<Machine>
  ) throws(Violation) {
    guard life.isHolding || life.freeAt > now || !life.inbox.isEmpty else {
      return try call(replica, life, stimulus)
    }
    // Bounded, as the queues of a real transport are.
    if life.inbox.count < 1_000 { life.inbox.append(stimulus) }
  }

  func wake(_ id: ReplicaID, _ number: Int) throws(Violation) {
    guard let life = life(id, number) else { return }
    let replica = replica(id)
    // It was paused meanwhile, and wakes once more then.
    guard life.freeAt <= now else { return }
    if life.isHolding {
      life.isHolding = false
      try release(replica, life)
    }
    while replica.life === life, !life.isHolding, !life.inbox.isEmpty {
      try call(replica, life, life.inbox.removeFirst())
    }
  }

  func pause(_ life: Life<Machine>, of id: ReplicaID, until moment: Moment) {
    life.freeAt = max(life.freeAt, moment)
    queue.add(.wake(id, life: life.number), at: life.freeAt)
  }

  private func call(
    _ replica: Replica<Machine>, _ life: Life<Machine>, _ stimulus: Life<Machine>.Stimulus
  ) throws(Violation) {
    replica.disk.begin(at: now)
    switch stimulus {
    case .tick: life.node.tick(effects: &life.effects)
    case .envelopes(let first): receive(first, replica, life)
    case .unreachable(let peer): life.node.peerUnreachable(peer, effects: &life.effects)
    case .lost(let peer): life.node.peerLost(peer, effects: &life.effects)
    case .propose(let submission, let ticket): propose(submission, ticket, replica, life)
    case .read(let ticket):
      lastRead.rawValue += 1
      life.reads[lastRead] = ticket
      life.node.read(lastRead, effects: &life.effects)
    case .change(let change):
      lastSubmission.rawValue += 1
      life.node.changeMembership(
        change, lastSubmission, at: replica.clock.wallTime(at: now), effects: &life.effects)
    case .transfer(let target):
      // A refusal is an answer.
      try? life.node.transferLeadership(to: target, effects: &life.effects)
    case .compact: life.node.requestSnapshot(effects: &life.effects)
    case .ended(let job): end(job, life)
    }
    try endCall(replica, life)
  }

  /// With what arrived meanwhile: one sync for all of it, as in `ReplicatedControlPlane`, and then
  /// the writes that wait.
  private func receive(
    _ first: [Envelope], _ replica: Replica<Machine>, _ life: Life<Machine>
  ) {
    var envelopes = first
    while case .envelopes(let more)? = life.inbox.first {
      envelopes += more
      life.inbox.removeFirst()
    }
    guard let (submission, ticket) = life.takeProposal() else {
      return life.node.receive(envelopes, effects: &life.effects)
    }
    life.node.receive(envelopes, writesFollow: true, effects: &life.effects)
    propose(submission, ticket, replica, life)
  }

  /// With what else waits to be proposed: one batch, as in `DurableControlPlane`.
  private func propose(
    _ submission: Submission<Machine.Command>, _ ticket: Life<Machine>.Ticket,
    _ replica: Replica<Machine>, _ life: Life<Machine>
  ) {
    var batch = [submission]
    let first = SubmissionID(lastSubmission.rawValue + 1)
    life.writes[first] = ticket
    lastSubmission = first
    while let (submission, ticket) = life.takeProposal() {
      batch.append(submission)
      lastSubmission.rawValue += 1
      life.writes[lastSubmission] = ticket
    }
    life.node.propose(
      batch, from: first, at: replica.clock.wallTime(at: now), effects: &life.effects)
  }

  private func end(_ job: Life<Machine>.Job, _ life: Life<Machine>) {
    switch life.jobs.removeValue(forKey: job) {
    case .snapshot(let outcome): life.node.snapshotEnded(outcome, effects: &life.effects)
    case .segment(let segment): life.node.adopt(segment)
    case .reading(let read): life.node.snapshotRead(read, effects: &life.effects)
    case nil: break
    }
  }
}

// MARK: - What follows

extension World {
  /// What the node has told counts once the time has passed that its disk took.
  func endCall(_ replica: Replica<Machine>, _ life: Life<Machine>) throws(Violation) {
    for (moment, envelopes) in life.early.take() {
      queue.add(.leave(replica.id, life: life.number, envelopes), at: moment)
    }
    guard replica.disk.time > now else { return try release(replica, life) }
    life.freeAt = replica.disk.time
    life.isHolding = true
    queue.add(.wake(replica.id, life: life.number), at: life.freeAt)
  }

  private func release(_ replica: Replica<Machine>, _ life: Life<Machine>) throws(Violation) {
    try check(replica, life)
    var effects = life.effects
    life.effects.removeAll()
    for envelope in effects.envelopes { try send(envelope, by: life) }
    for reply in effects.replies { answer(reply, of: life) }
    for read in effects.reads { answer(read, of: life) }
    for reply in effects.membershipReplies { note(reply) }
    for refused in effects.refusals { note(refused, at: replica, life) }
    if let leadership = effects.leadership { note(leadership, of: replica) }
    if let recovery = effects.recovery { try note(recovery, of: replica) }
    situations.note(.snapshotInstalled, if: effects.installed != nil)
    for work in effects.work { start(work, replica, life) }
    if let preparation = life.node.nextSegmentPreparation() { start(preparation, replica, life) }
    if let reading = life.node.nextSnapshotReading() { start(reading, replica, life) }
    effects.removeAll()
    try checkFault(of: replica, life)
  }

  private func note(_ reply: Reply<Membership>) {
    switch reply.outcome {
    case .success(let membership):
      situations.note(.membershipChanged)
      say("members are \(membership.voters), learners \(membership.learners)")
    case .failure(let error): say("membership change refused: \(error)")
    }
  }

  private func note(_ refused: Refused, at replica: Replica<Machine>, _ life: Life<Machine>) {
    guard refused.isOwn, case .otherIncarnation = refused.reason else { return }
    if !life.isRefused {
      say(
        "replica \(replica.id) is told that it is not the one that replica "
          + "\(refused.replica) knows")
    }
    life.isRefused = true
    situations.note(.strangerRefused)
  }

  private func note(
    _ change: RecoveryChange, of replica: Replica<Machine>
  ) throws(Violation) {
    switch change {
    case .began(let damage):
      situations.note(.recoveryAtRunTime)
      try noteRecovery(of: replica, damage)
    case .ended:
      say("replica \(replica.id) is whole again")
      situations.note(.recoveryEnded)
      countAsWhole(replica)
    }
  }

  /// A whole disk gives no reason to recover.
  private func noteRecovery(
    of replica: Replica<Machine>, _ damage: String
  ) throws(Violation) {
    situations.note(.recovering)
    guard !budget.damaged.contains(replica.id) else { return }
    throw Violation(.wholeness, "replica \(replica.id) recovers with a whole disk: \(damage)")
  }

  private func note(_ leadership: NodeLeadership, of replica: Replica<Machine>) {
    trace.note(4, replica.id.rawValue, leadership.term.rawValue, leadership.leader?.rawValue ?? 0)
    say(
      "replica \(replica.id) is \(leadership.role) in term \(leadership.term)"
        + (leadership.leader.map { ", led by \($0)" } ?? ""))
    situations.note(.election, if: leadership.role == .leader)
  }

  /// A snapshot is written by another thread, while the node goes on.
  private func start(
    _ work: BackgroundWork<Watched<Machine>>, _ replica: Replica<Machine>, _ life: Life<Machine>
  ) {
    guard case .snapshot(let view, let metadata) = work else { return }
    replica.disk.begin(at: now)
    let store = life.node.snapshots
    let wall = replica.clock.wallTime(at: now)
    let outcome = Result { () throws(LogFault) in
      try Watched<Machine>.write(view, metadata, to: store, now: wall)
      return metadata
    }
    say("replica \(replica.id) writes a snapshot to \(metadata.position)")
    situations.note(.snapshotWritten, if: (try? outcome.get()) != nil)
    situations.note(.snapshotFailed, if: (try? outcome.get()) == nil)
    begin(.snapshot, .snapshot(outcome), replica, life)
  }

  private func start(
    _ preparation: SegmentPreparation<SimulatedDirectory>, _ replica: Replica<Machine>,
    _ life: Life<Machine>
  ) {
    replica.disk.begin(at: now)
    begin(.segment, .segment(try? preparation.run()), replica, life)
  }

  private func start(
    _ reading: SnapshotReading<SimulatedDirectory, Watched<Machine>>,
    _ replica: Replica<Machine>, _ life: Life<Machine>
  ) {
    replica.disk.begin(at: now)
    begin(.reading, .reading(reading.run()), replica, life)
  }

  private func begin(
    _ job: Life<Machine>.Job, _ work: Life<Machine>.Work, _ replica: Replica<Machine>,
    _ life: Life<Machine>
  ) {
    life.jobs[job] = work
    let end = max(replica.disk.time, now + .microseconds(1))
    queue.add(.ended(replica.id, life: life.number, job), at: end)
  }
}
