import AionModel
import AionRaft

extension RandomRun {
  /// Within so many election timeouts after its healing a group must agree. The longest of a
  /// group's random timeouts is two of these.
  package static let patience = 20

  /// Nothing is lost any more, and everybody is there: the members elect a leader, finish what was
  /// under way and commit one entry more.
  mutating func heal() throws(Violation) {
    for place in sides.indices { sides[place] = 0 }
    for place in replicas.indices {
      if isDown[place] { try restart(place) } else { try settle(place) }
    }
    let ticks = RandomRun.patience * plan.options.electionTicks
    var probe: LogIndex?
    for tick in 1...ticks {
      try stopOutsiders()
      try exchange()
      if let probe, hasEveryMember(committed: probe) { return finish(after: tick) }
      probe = try propose(unless: probe)
      for place in replicas.indices where !isDown[place] {
        try give(.tick, to: place)
        try settle(place)
      }
    }
    throw .doesNotConverge(complaint)
  }

  private mutating func finish(after ticks: Int) {
    let timeout = plan.options.electionTicks
    tally.electionTimeouts = (ticks + timeout - 1) / timeout
    tally.committed = ledger.committed.count
    tally.terms = ledger.leaders.count
  }

  private var members: [ReplicaID] {
    var all = ledger.membership(at: ledger.last).members
    if let leader = leaderPlace { all += replicas[leader].core.membership.members }
    return all
  }

  /// Who is no member any more is switched off, as an operator would; who becomes one, on.
  /// Without a
  /// leader everybody is needed: a voter that has not heard of the change may ask for their votes.
  private mutating func stopOutsiders() throws(Violation) {
    let members = leaderPlace == nil ? replicas.map(\.id) : members
    for place in replicas.indices {
      let isMember = members.contains(replicas[place].id)
      if isMember, isDown[place] { try restart(place) }
      if !isMember, !isDown[place] { isDown[place] = true }
    }
  }

  /// Delivers until there is nothing left, up to a bound that no healthy group comes near.
  private mutating func exchange() throws(Violation) {
    for _ in 0..<20 where !inFlight.isEmpty {
      let messages = inFlight
      inFlight = []
      for message in messages {
        guard connects(message) else {
          try lose(message)
          continue
        }
        try deliver(message)
        try settle(Int(message.to.rawValue) - 1)
      }
    }
  }

  /// One more entry by the present leader, after the membership has come to rest.
  private mutating func propose(unless known: LogIndex?) throws(Violation) -> LogIndex? {
    guard let place = leaderPlace else { return nil }
    let core = replicas[place].core
    // It leaves by itself, without an entry that makes it.
    if core.membership.leavesAutomatically { return nil }
    if let known, !core.membership.isJoint,
      core.term(at: known) == core.term || known < core.firstIndex
    {
      return known
    }
    let refusal = try replicas[place].take(
      core.membership.isJoint
        ? .proposeConfiguration(ConfigurationChange(steps: []))
        : .propose([.command(Stimulus.command(proposals))]))
    proposals += 1
    if let refusal { note("refused: \(refusal), \(core.status)") }
    let last = replicas[place].core.lastPosition.index
    try settle(place)
    return refusal == nil && !core.membership.isJoint ? last : nil
  }

  private func hasEveryMember(committed index: LogIndex) -> Bool {
    guard let place = leaderPlace else { return false }
    let leader = replicas[place].core
    guard leader.committed == leader.lastPosition.index, !leader.membership.isJoint else {
      return false
    }
    return leader.membership.members.allSatisfy { member in
      let replica = replicas[Int(member.rawValue) - 1]
      return replica.core.committed >= index && replica.core.lastPosition == leader.lastPosition
        && replica.applied == leader.committed && replica.core.membership == leader.membership
    }
  }

  private var complaint: String {
    let states = replicas.indices.map { place in
      let core = replicas[place].core
      return "\(core.id)\(isDown[place] ? " (down)" : "") \(core.roleName) term \(core.term)"
        + " applied \(core.applied) committed \(core.committed) last \(core.lastPosition)"
        + " voters \(core.membership.voters)"
        + " and \(core.membership.outgoingVoters)"
    }
    return "no agreement within \(RandomRun.patience) election timeouts: "
      + states.joined(separator: "; ")
  }
}
