import AionModel
import AionNode
import AionRaft

// The end of every run: the world is healed, and within a bounded time the group must agree, serve
// and be whole.

extension World {
  /// Faults are over; what they have broken may still be broken.
  var isHealed: Bool { !isHostile }

  var isClosing: Bool {
    switch phase {
    case .hostile, .healing: false
    case .closing, .over: true
    }
  }

  /// So many ticks of a right clock may pass until the group is whole, and again until its clients
  /// have ended.
  static var patience: Int { 1_500 }

  func heal() throws(Violation) {
    phase = .healing(since: now)
    say("the world heals")
    trace.note(11)
    network.heal()
    operators.target = min(max(1, operators.target), Self.mostReplicas)
    for replica in replicas where !replica.isRetired {
      replica.disk.speed.slowness = 1
      replica.disk.faults = DiskFaults()
      replica.disk.capacity = nil
      // What has rotted is found when it is read.
      if budget.damaged.contains(replica.id), replica.wipes == 0 { crash(replica, .everything) }
      if replica.life == nil, !replica.isBeyondRepair {
        scheduleRestart(of: replica, within: .milliseconds(100))
      }
    }
    queue.add(.look, at: now + scenario.tick * 10)
  }

  func look() throws(Violation) {
    switch phase {
    case .hostile, .over: return
    case .healing(let since):
      if complaint == nil {
        say("the group is whole")
        phase = .closing(since: now)
      } else {
        try checkPatience(since)
      }
    case .closing(let since):
      if clients.allSatisfy({ $0.current == nil }), complaint == nil, rest == nil {
        try close()
      } else {
        try checkPatience(since)
      }
    }
    if case .over = phase { return }
    queue.add(.look, at: now + scenario.tick * 10)
  }

  private func checkPatience(_ since: Moment) throws(Violation) {
    guard now - since > scenario.tick * Self.patience else { return }
    let busy = clients.filter { $0.current != nil }.map { "client \($0.id) waits" }
    let why = complaint ?? rest ?? busy.joined(separator: ", ")
    throw Violation(
      .liveness, "\(Self.patience) ticks after the world was healed: \(why); \(state)")
  }

  /// What is not whole yet.
  private var complaint: String? {
    guard let leader, let life = leader.life else { return "nobody leads" }
    let core = life.node.core
    let membership = core.membership
    if membership.isJoint { return "the configuration is joint" }
    if let lost = membership.members.first(where: { isLost($0) }) {
      return "replica \(lost) is lost and still a member"
    }
    if membership.voters.count != operators.target {
      return "\(membership.voters.count) voters, \(operators.target) are wanted"
    }
    if !membership.learners.isEmpty { return "learners are left: \(membership.learners)" }
    if !budget.damaged.isEmpty { return "damaged: \(budget.damaged.sorted())" }
    for member in membership.members {
      guard let other = replica(member).life else { return "replica \(member) is down" }
      if other.node.membership != membership { return "replica \(member) has other members" }
      if other.node.recovery != nil { return "replica \(member) recovers" }
      if other.node.core.leader != leader.id { return "replica \(member) does not follow" }
    }
    return nil
  }

  /// Who has not come as far as the others.
  private var rest: String? {
    guard let life = leader?.life else { return "nobody leads" }
    let core = life.node.core
    guard core.committed == core.lastPosition.index, life.node.applied == core.committed else {
      return "the leader has entries that are not applied"
    }
    for member in core.membership.members {
      guard let other = replica(member).life, other.node.applied == life.node.applied,
        !other.isHolding
      else { return "replica \(member) lags" }
    }
    return nil
  }

  /// All have the same, and it is what was acknowledged.
  private func close() throws(Violation) {
    phase = .over
    guard let life = leader?.life else { return }
    guard life.node.applied >= ledger.acknowledged else {
      throw Violation(
        .realTime,
        "the group ends at index \(life.node.applied), \(ledger.acknowledged) was acknowledged")
    }
    let view = life.node.machine.view.base
    if let complaint = load.finalComplaint(about: view) {
      throw Violation(complaint.promise, complaint.detail)
    }
  }

  /// For whoever looks into a failure.
  private var state: String {
    replicas.filter { !$0.isRetired }.map { replica in
      guard let life = replica.life else {
        return "\(replica.id) \(replica.isBeyondRepair ? "beyond repair" : "down")"
      }
      let core = life.node.core
      return "\(replica.id) \(core.roleName) term \(core.term) last \(core.lastPosition) committed "
        + "\(core.committed) applied \(life.node.applied) voters \(core.membership.voters)"
        + (life.isRefused ? " refused" : "")
    }.joined(separator: "; ")
  }
}
