public import AionLog
import AionModel
import AionRaft

// A replica that has lost what it promised (Docs/Decisions/0011-recovery.md). It has drawn another
// incarnation, takes what the leader sends, and asks for an entry of the log that names the new
// one. The others commit that without it. Once it has applied it, it is whole.

/// What a leader has done for a replica that recovers.
struct Readmitting {
  var life: GroupRecord.Life
  /// The entry that names it.
  var index: LogIndex
}

/// What has become of a replica's promises.
public enum RecoveryChange: Hashable, Sendable {
  /// It has lost some of them, and counts for nothing until it is whole.
  case began(damage: String)
  /// It holds everything again that the group may count on.
  case ended
}

extension Node {
  /// What this replica has lost, while it is not whole again.
  public var recovery: GroupRecord.Recovery? { raft.isRecovering ? group.recovery : nil }

  // MARK: The replica that recovers

  /// Tells the leader who this is now; everyone, while it does not know who leads.
  mutating func askForReadmission(effects: inout Effects<Machine>) {
    guard let recovery = group.recovery else { return }
    ticksSinceAsked += ticksSinceAsked < Int.max ? 1 : 0
    guard ticksSinceAsked >= options.raft.electionTicks else { return }
    ticksSinceAsked = 0
    let readmission = Readmission(formers: recovery.formers, term: raft.term)
    let others = raft.leader.map { [$0] } ?? group.lives.map(\.replica)
    for other in others where other != raft.id {
      send(.readmission(readmission), to: other, effects: &effects)
    }
  }

  /// The entry that names this life is applied here. Before that is on the disk, nothing changes.
  mutating func endRecovery(effects: inout Effects<Machine>) {
    guard group.recovery != nil else { return }
    group.endRecovery()
    isGroupUnsaved = true
    saveGroup(effects: &effects)
  }

  /// What `saveGroup` has made durable is in force.
  mutating func goOnWhole(effects: inout Effects<Machine>) {
    raft.readmit()
    effects.recovery = .ended
  }

  /// The leader counts on what is not here: the disk has lost it without a trace.
  mutating func beginRecovery(_ refusal: RaftRefusal, effects: inout Effects<Machine>) {
    let damage = NodeFault.contradictsGroup(refusal)
    var next = group
    let hasBegun = next.beginRecovery(
      of: raft.id, as: Incarnation(max(1, chance.next())), damage: "\(refusal)", isSettled: true)
    guard hasBegun else { return fail(damage, effects: &effects) }
    do throws(LogFault) { try log.save(next) } catch {
      effects.warnings.append(error)
      return fail(damage, effects: &effects)
    }
    group = next
    isGroupUnsaved = false
    ticksSinceAsked = Int.max
    giveUpPending(effects: &effects)
    beginAgain(writtenBefore: nil, effects: &effects)
    effects.recovery = .began(damage: "\(refusal)")
  }

  // MARK: The leader

  /// A replica that recovers asks for an entry that names it. One that knows none of what it was
  /// before is a stranger.
  mutating func take(
    _ readmission: Readmission, in envelope: Envelope, effects: inout Effects<Machine>
  ) {
    let life = envelope.life
    guard raft.roleName == .leader, raft.membership.contains(life.replica) else { return }
    if let known = group.life(of: life.replica), known.incarnation != life.incarnation,
      !readmission.formers.contains(known.incarnation)
    {
      return refuseOther(envelope, known: known, effects: &effects)
    }
    // Its disk has a later term than this leader's, in which it hears nothing of this leader.
    if readmission.term > raft.term { return raft.observe(readmission.term) }
    guard !isOnItsWay(life), let index = register(life, effects: &effects) else { return }
    readmitting.removeAll { $0.life.replica == life.replica }
    readmitting.append(Readmitting(life: life, index: index))
  }

  /// Whether the entry that names it has not reached it yet. One that it has got and not seen came
  /// in a snapshot.
  private func isOnItsWay(_ life: GroupRecord.Life) -> Bool {
    guard let last = readmitting.first(where: { $0.life == life }) else { return false }
    let member = raft.status.members.first { $0.replica == life.replica }
    return member.map { $0.match < last.index } ?? false
  }
}
