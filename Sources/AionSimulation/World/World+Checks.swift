import AionLog
import AionModel
import AionNode
import AionRaft

extension World {
  /// Everything that is checked of a replica when a call is over.
  func check(_ replica: Replica<Machine>, _ life: Life<Machine>) throws(Violation) {
    let core = life.node.core
    let truncates = core.lastPosition.index < life.mark.last.index
    situations.note(.truncation, if: truncates)
    try ledger.check(core, &life.mark)
    try checkIdentity(of: replica, core)
    guard life.node.applied > life.mark.applied else { return }
    let view = life.node.machine.view
    let seen = view.trail.lastIndex { $0.index <= life.mark.applied }
    for step in view.trail[(seen.map { $0 + 1 } ?? 0)...] {
      guard try ledger.noteState(step.digest, after: step.index, of: replica.id) else { continue }
      try check(step)
      if step.index == life.node.applied, let complaint = load.complaint(about: view.base) {
        throw Violation(.stateInvariant, "after index \(step.index): \(complaint)")
      }
    }
    if life.effects.installed != nil {
      try check(view, after: life.node.applied, of: replica, .snapshotFidelity)
    }
    life.mark.applied = life.node.applied
    try ledger.note(core.membership, after: life.node.applied, of: replica.id)
    trace.note(7, replica.id.rawValue, life.node.applied.rawValue, core.term.rawValue)
    situations.note(.jointConfiguration, if: core.membership.isJoint)
  }

  /// What is to be said of an index once, whichever replica is the first there.
  private func check(_ step: Watched<Machine>.Step) throws(Violation) {
    if step.isUntold {
      throw Violation(
        .toldChanges, "index \(step.index) has changed the state, and nobody was told")
    }
    guard let entry = step.entry else { return }
    if let complaint = load.note(entry.command, at: step.index, entry.result) {
      throw Violation(complaint.promise, complaint.detail)
    }
  }

  /// Holds a whole state against that of others at the same index.
  func check(
    _ view: Watched<Machine>.View, after index: LogIndex, of replica: Replica<Machine>,
    _ promise: Violation.Promise
  ) throws(Violation) {
    guard index > .zero else { return }
    let digest = Watched<Machine>.summary(of: view).digest
    _ = try ledger.noteState(digest, after: index, of: replica.id, promise)
  }

  private func checkIdentity(
    of replica: Replica<Machine>, _ core: borrowing RaftCore
  ) throws(Violation) {
    guard replica.wipes > 0, core.roleName == .leader else { return }
    throw Violation(
      .identity, "replica \(replica.id) lost its disk and leads in term \(core.term)")
  }

  /// A node that has stopped must have a reason, and is opened anew.
  func checkFault(of replica: Replica<Machine>, _ life: Life<Machine>) throws(Violation) {
    guard let fault = life.node.fault else { return }
    say("replica \(replica.id) stops: \(fault)")
    situations.note(.poisoned)
    let isItsDisk = replica.disk.tally.failures > 0 || budget.damaged.contains(replica.id)
    guard isItsDisk else {
      throw Violation(.wholeness, "replica \(replica.id) stops on a whole disk: \(fault)")
    }
    if case .contradictsGroup = fault {
      guard budget.damaged.contains(replica.id) else {
        throw Violation(.wholeness, "replica \(replica.id) has lost what it promised: \(fault)")
      }
      replica.isBeyondRepair = true
    }
    if operatorChance.below(2) == 0 {
      crash(replica, .sectors)
    } else {
      replica.life = nil
      replica.disk.loseProcess()
    }
    if !replica.isBeyondRepair { scheduleRestart(of: replica) }
  }
}
