import AionCatalog
import AionModel
import AionNode
import AionRaft

extension NodeRunner {
  /// Lets time pass, at most one tick of it.
  mutating func beginRound() {
    guard duty?.takeTick() == true else { return }
    node.tick(effects: &effects)
    duty?.reads.tick()
    if duty?.takeLook() == true { lookAtDisk() }
    tickTransfer()
    tickLeaving()
    postReport()
    carryOut()
  }

  mutating func takeGroupRequest(_ request: NodeRequest) {
    switch request {
    case .received(let envelope, let size):
      duty?.room.giveBack(size)
      duty?.envelopes.append(envelope)
    case .snapshotRead(let read):
      node.snapshotRead(read, effects: &effects)
      carryOut()
    case .unreachable(let replica): node.peerUnreachable(replica, effects: &effects)
    case .lost(let replica): duty?.lost.append(replica)
    case .read(let waiter): duty?.reads.add(waiter)
    case .changeMembership(let change, let waiter):
      guard let id = duty?.changes.add(waiter) else { return }
      node.changeMembership(change, id, at: .now, effects: &effects)
    case .transferLeadership(let target, let waiter): transfer(to: target, waiter)
    case .name(let names): node.names = names
    case .leave: startLeaving()
    case .compact, .snapshotEnded, .segmentPrepared: break
    }
  }

  /// What others have sent, with one sync, and one read for all who ask for one.
  ///
  /// - Parameter writesFollow: Whether there are writes to propose next, as far as is known yet.
  mutating func goOnWithGroup(writesFollow: Bool) {
    if let envelopes = duty?.envelopes, !envelopes.isEmpty {
      node.receive(envelopes, writesFollow: writesFollow, effects: &effects)
      carryOut()
    }
    duty?.envelopes.removeAll(keepingCapacity: true)
    for replica in duty?.lost ?? [] { node.peerLost(replica, effects: &effects) }
    duty?.lost = []
    if let read = duty?.reads.begin() { node.read(read, effects: &effects) }
  }

  mutating func carryOutForGroup() {
    guard let outlet = duty?.outlet else { return }
    if !effects.envelopes.isEmpty { outlet.send(effects.envelopes) }
    if let reading = node.nextSnapshotReading() { background.start(reading) }
    for outcome in effects.reads { duty?.reads.answer(outcome) }
    // Whoever is told of a change and looks then must see it.
    if effects.membership != nil { postReport() }
    for reply in effects.membershipReplies { duty?.changes.answer(reply) }
    for refusal in effects.refusals { outlet.refused(refusal) }
    for fault in effects.warnings { outlet.warned(fault) }
    if effects.installed != nil { duty?.report.installedSnapshots += 1 }
    if let membership = effects.membership { outlet.membershipChanged(membership) }
    if let leadership = effects.leadership { note(leadership) }
    if let fault = node.fault, duty?.hasToldFault == false {
      duty?.hasToldFault = true
      outlet.failed(fault)
    }
  }

  private mutating func note(_ leadership: NodeLeadership) {
    if leadership.role == .leader, duty?.report.role != .leader { duty?.report.wonElections += 1 }
    postReport()
    if leadership.role != .leader { answerTransfers(.success(())) }
    duty?.outlet.leadershipChanged(leadership)
  }

  private mutating func postReport() {
    guard var report = duty?.report else { return }
    let status = node.status
    report.role = status.role
    report.leader = status.leader
    report.membership = status.membership
    report.progress = node.progress
    report.isIntroduced = status.isIntroduced
    report.refusedEnvelopes = status.refusedEnvelopes
    report.knownReplicas = node.lives.map(\.replica)
    duty?.report = report
    board.post(report)
  }

  /// Nobody is there any more to answer.
  mutating func endDuty() {
    duty?.reads.failAll(.closed)
    duty?.changes.failAll(.outcomeUnknown)
    answerTransfers(.failure(.closed))
  }
}

// MARK: - Handing over

extension NodeRunner {
  private mutating func transfer(to target: ReplicaID?, _ waiter: Waiter<Void>) {
    guard let target = target ?? successor else {
      return waiter.resume(.failure(.membershipRefused(.noVoterLeft)))
    }
    guard target != node.identity.replica || node.status.role != .leader else {
      return waiter.resume(.success(()))
    }
    do throws(ClusterError) {
      try node.transferLeadership(to: target, effects: &effects)
      duty?.began(transferFor: waiter)
    } catch {
      waiter.resume(.failure(error))
    }
  }

  /// The voter that has the most of the log, among those that answer.
  private var successor: ReplicaID? {
    let voters = node.membership.voters
    return node.progress.filter {
      $0.replica != node.identity.replica && $0.isActive && voters.contains($0.replica)
    }.max { ($0.match, $1.replica) < ($1.match, $0.replica) }?.replica
  }

  private mutating func tickTransfer() {
    guard let duty, !duty.transfers.isEmpty else { return }
    self.duty?.transferPatience -= 1
    if duty.transferPatience <= 1 { answerTransfers(.failure(.busy(.transferringLeadership))) }
  }

  private mutating func answerTransfers(_ answer: Result<Void, ClusterError>) {
    guard let transfers = duty?.transfers, !transfers.isEmpty else { return }
    duty?.transfers = []
    for waiter in transfers { waiter.resume(answer) }
  }
}

// MARK: - Leaving

extension NodeRunner {
  private mutating func startLeaving() {
    duty?.beganLeaving()
  }

  private mutating func tickLeaving() {
    switch duty?.leaving {
    case .answering(let ticksLeft)?: duty?.leaving = .answering(ticksLeft: ticksLeft - 1)
    case .handingOver(let ticksLeft)?: duty?.leaving = .handingOver(ticksLeft: ticksLeft - 1)
    default: break
    }
  }

  /// Answers what was accepted, hands over, ends; none of it is waited for longer than it may take.
  mutating func endRound(isAnyoneWaiting: Bool) {
    switch duty?.leaving {
    case .answering(let ticksLeft)?:
      guard !isAnyoneWaiting || ticksLeft <= 0 else { return }
      guard node.status.role == .leader, let successor else { return end() }
      try? node.transferLeadership(to: successor, effects: &effects)
      duty?.beganHandingOver()
      carryOut()
    case .handingOver(let ticksLeft)?:
      if node.status.role != .leader || ticksLeft <= 0 { end() }
    default: break
    }
  }

  private mutating func end() {
    duty?.leaving = .gone
    queue.close()
  }
}
