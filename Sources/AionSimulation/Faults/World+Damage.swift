import AionModel
import AionNode
import AionRaft

// What no log survives alone: the disk does not hold what the replica has promised. Within the
// budget, the group does.

extension World {
  func damage(_ kind: FaultKind) {
    guard let victim = bearableVictim(of: kind) else { return }
    switch kind {
    case .wipe: wipe(victim)
    default:
      let disk = victim.disk
      let place = chance(of: kind) { chance in
        kind == .bitRot ? disk.rot(&chance, at: now) : disk.misdirect(&chance, at: now)
      }
      guard let place else { return }
      say("replica \(victim.id): \(kind.rawValue) in \(place.path) at byte \(place.offset)")
    }
    situations.note(kind)
    budget.damage(victim.id)
  }

  /// A voter that may be damaged, within the budget.
  func bearableVictim(of kind: FaultKind) -> Replica<Machine>? {
    guard isFounded else { return nil }
    let memberships = memberships
    let bearable = replicas.filter { replica in
      !replica.isRetired && !replica.isBeyondRepair && ledger.membership.isVoter(replica.id)
        && !budget.damaged.contains(replica.id) && budget.allows(replica.id, in: memberships)
    }
    return bearable.isEmpty ? nil : chance(of: kind) { $0.one(of: bearable) }
  }

  /// The disk is replaced by an empty one, and the replica comes back as if nothing had happened.
  private func wipe(_ replica: Replica<Machine>) {
    say("replica \(replica.id) loses its disk")
    crash(replica, .synced)
    replica.wipes += 1
    // Who founded a group alone and begins so again founds another one; no operator may do that.
    if case .bootstrap(let founders) = replica.beginning, founders.count == 1 {
      replica.beginning = .join
    }
    let seed = chance(of: .wipe) { $0.next() }
    replica.disk = SimulatedDisk(seed: seed, speed: replica.disk.speed)
    scheduleRestart(of: replica, within: .seconds(2))
  }
}
