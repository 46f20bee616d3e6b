import AionLog
import AionModel
import AionRaft
import AionWire

// Who is who (Docs/Decisions/0007-incarnations.md). Founders introduce themselves to one another
// before any of them promises anything; everyone else is made known by an entry of the log, before
// it counts, and so is who recovers (Node+Recovering.swift).

extension Node {
  /// Whether this replica may promise anything: all founders have its incarnation on their disks.
  var isIntroduced: Bool { group.isIntroduced }

  /// Takes note of lives; durable when it returns true.
  mutating func learn(_ lives: [GroupRecord.Life], effects: inout Effects<Machine>) -> Bool {
    // Nobody else says who this is.
    for life in lives where life.replica != raft.id && group.learn(life) { isGroupUnsaved = true }
    return saveGroup(effects: &effects)
  }

  /// - Returns: whether the disk holds what is known. Without room it is tried again later.
  @discardableResult
  mutating func saveGroup(effects: inout Effects<Machine>) -> Bool {
    guard isGroupUnsaved else { return true }
    do throws(LogFault) {
      try log.save(group)
      isGroupUnsaved = false
    } catch {
      effects.warnings.append(error)
      return false
    }
    if raft.isRecovering, group.recovery == nil { goOnWhole(effects: &effects) }
    return true
  }

  // MARK: Founders

  /// Tells the founders that have not answered yet who this is.
  mutating func introduce(effects: inout Effects<Machine>) {
    guard saveGroup(effects: &effects) else { return }
    // When the last of them answered, there was no room to take note of it.
    finishIntroducing(effects: &effects)
    guard !isIntroduced else { return }
    let introduction = Introduction(lives: group.lives, wantsAnswer: true)
    for founder in group.founders where founder != raft.id && !acquainted.contains(founder) {
      send(.introduction(introduction), to: founder, effects: &effects)
    }
  }

  mutating func take(
    _ introduction: Introduction, from founder: GroupRecord.Life, effects: inout Effects<Machine>
  ) {
    guard group.founders.contains(founder.replica) else { return }
    // Only an entry of the log tells of the later life of one that is known.
    if group.life(of: founder.replica) == nil {
      guard founder.generation == 0, learn([founder], effects: &effects) else { return }
    }
    if !isIntroduced, introduction.lives.contains(life) {
      if !acquainted.contains(founder.replica) { acquainted.append(founder.replica) }
      finishIntroducing(effects: &effects)
    }
    guard introduction.wantsAnswer else { return }
    let answer = Introduction(lives: group.lives, wantsAnswer: false)
    send(.introduction(answer), to: founder.replica, effects: &effects)
  }

  private mutating func finishIntroducing(effects: inout Effects<Machine>) {
    guard group.founders.allSatisfy({ $0 == raft.id || acquainted.contains($0) }) else { return }
    group.isIntroduced = true
    isGroupUnsaved = true
    // Forgotten in a crash it is only asked again.
    if !saveGroup(effects: &effects) { group.isIntroduced = false }
  }

  // MARK: Everyone else

  /// Makes a member known whose incarnation the group does not know yet: by an entry of the log, so
  /// that whoever counts its vote has applied that entry before.
  ///
  /// - Returns: The entry's index, when one was made.
  @discardableResult
  mutating func register(
    _ life: GroupRecord.Life, effects: inout Effects<Machine>
  ) -> LogIndex? {
    guard raft.roleName == .leader, raft.membership.contains(life.replica) else { return nil }
    var writer = WireWriter()
    life.encode(into: &writer)
    let change = ConfigurationChange(steps: [.update(life.replica)], context: writer.bytes)
    // One at a time; whoever is not known then says something again.
    guard pendingMembership == nil, applied >= registering,
      case .appended(_, let indices, let refused)? =
        try? raft.propose([Proposal(.configuration(change))])
    else { return nil }
    registering = indices.lowerBound
    return refused == nil ? indices.lowerBound : nil
  }

  /// An entry of the log makes a member known.
  mutating func learn(from change: ConfigurationChange, effects: inout Effects<Machine>) {
    guard case .update(let replica)? = change.steps.first, change.steps.count == 1,
      let life = try? WireReader.reading(
        change.context, { (reader) throws(WireError) in try GroupRecord.Life(from: &reader) }),
      life.replica == replica
    else { return }
    if life == self.life { return endRecovery(effects: &effects) }
    let known = group.life(of: replica)
    _ = learn([life], effects: &effects)
    if let known, known.generation < life.generation { raft.forgetProgress(of: replica) }
  }

  /// A voter counts: it must be known before. Who is known and no member was one, and its id stays
  /// its own: what is on its way from it would count for another.
  func requireKnown(_ change: ConfigurationChange) throws(ClusterError) {
    for step in change.steps {
      switch step {
      case .addVoter(let replica), .addLearner(let replica):
        let isKnown = group.life(of: replica) != nil
        if isKnown, !raft.membership.contains(replica) {
          throw .membershipRefused(.wasMember(replica))
        }
        if !isKnown, step == .addVoter(replica) {
          throw .membershipRefused(.notIntroduced(replica))
        }
      case .remove, .update: break
      }
    }
  }
}

// MARK: - Admission

extension Node {
  /// Whether an envelope may be taken; tells everyone concerned when not.
  mutating func admits(_ envelope: Envelope, effects: inout Effects<Machine>) -> Bool {
    if case .refusal(let reason) = envelope.body {
      // What an earlier life of this replica has sent came late.
      if reason == .otherIncarnation(known: group.incarnation) { return false }
      effects.refusals.append(Refused(replica: envelope.from, reason: reason, isOwn: true))
      return false
    }
    guard envelope.cluster == identity.cluster else {
      refuse(envelope, .otherCluster(identity.cluster), effects: &effects)
      return false
    }
    if let known = group.life(of: envelope.from) {
      if known.incarnation == envelope.incarnation { return true }
      guard envelope.generation > known.generation else {
        refuse(envelope, .otherIncarnation(known: known.incarnation), effects: &effects)
        return false
      }
      // It has begun anew, and this replica has not applied the entry that says so. Once it is
      // whole that entry is committed; before, what it promises is nothing.
      return !envelope.body.isPromise || !envelope.isRecovering
    }
    guard envelope.body.isPromise else { return true }
    register(envelope.life, effects: &effects)
    advance(effects: &effects)
    return false
  }

  mutating func refuseOther(
    _ envelope: Envelope, known: GroupRecord.Life, effects: inout Effects<Machine>
  ) {
    refuse(envelope, .otherIncarnation(known: known.incarnation), effects: &effects)
  }

  private mutating func refuse(
    _ envelope: Envelope, _ reason: EnvelopeRefusal, effects: inout Effects<Machine>
  ) {
    refusedEnvelopes += 1
    effects.refusals.append(Refused(replica: envelope.from, reason: reason, isOwn: false))
    send(.refusal(reason), to: envelope.from, effects: &effects)
  }
}

extension Envelope.Body {
  /// Whether the receiver may count on it: what only a known member may say.
  fileprivate var isPromise: Bool {
    switch self {
    case .raft(let message):
      switch message.body {
      case .voteReply, .preVoteReply, .appendReply, .heartbeatReply, .readIndexReply: true
      default: false
      }
    case .snapshotProgress: true
    case .introduction, .refusal, .snapshotOffer, .snapshotChunk, .readmission: false
    }
  }
}
