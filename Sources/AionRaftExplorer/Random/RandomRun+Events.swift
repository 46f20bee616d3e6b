import AionModel
import AionRaft

extension RandomRun {
  /// One random event.
  mutating func happen() throws(Violation) {
    switch chance.below(100) {
    case 0..<62: try deliverAny()
    case 62..<78: try give(.tick, to: anyPlace())
    case 78..<86: try propose()
    case 86..<94: try work()
    default: try happenRarely()
    }
    if chance.happens(plan.odds.crash) { try crashOrRestart() }
    if chance.happens(plan.odds.partition) { partition() }
    if chance.happens(plan.odds.change) { try change() }
  }

  private mutating func happenRarely() throws(Violation) {
    let place = anyPlace()
    switch chance.below(11) {
    case 0..<3: try read(at: place)
    case 3..<5: compact(place)
    case 5: try give(.transferLeadership(to: anyID()), to: place)
    case 6: try give(.unreachable(anyID()), to: place)
    case 7: try give(.snapshotStatus(anyID(), delivered: chance.below(2) == 0), to: place)
    case 8: try give(.forgetLeader, to: place)
    case 9: try give(.lost(anyID()), to: place)
    default: if isDown.contains(true) { try restartAny() }
    }
  }

  private mutating func anyPlace() -> Int { chance.below(plan.replicas) }

  private mutating func anyID() -> ReplicaID { replicas[anyPlace()].id }

  // MARK: - Network

  /// Any message, in any order, once or more often.
  private mutating func deliverAny() throws(Violation) {
    guard !inFlight.isEmpty else { return try give(.tick, to: anyPlace()) }
    let place = chance.below(min(inFlight.count, 64))
    let message = inFlight[place]
    if !chance.happens(plan.odds.duplication) { inFlight.remove(at: place) }
    if inFlight.count > 512 { try lose(inFlight.removeFirst()) }
    guard !chance.happens(plan.odds.loss), connects(message) else { return try lose(message) }
    try deliver(message)
  }

  mutating func deliver(_ message: Message) throws(Violation) {
    tally.delivered += 1
    note("\(message)")
    try give(.message(message), to: Int(message.to.rawValue) - 1)
    try report(message, isDelivered: true)
  }

  /// A sender is always told what became of a snapshot: without that, it would wait for ever.
  private mutating func report(_ message: Message, isDelivered: Bool) throws(Violation) {
    guard case .snapshot = message.body else { return }
    let sender = Int(message.from.rawValue) - 1
    try give(.snapshotStatus(message.to, delivered: isDelivered), to: sender)
  }

  func connects(_ message: Message) -> Bool {
    let (from, to) = (Int(message.from.rawValue) - 1, Int(message.to.rawValue) - 1)
    return !isDown[to] && sides[from] == sides[to]
  }

  /// Often, the sender learns of it.
  mutating func lose(_ message: Message) throws(Violation) {
    tally.lost += 1
    note("lost: \(message)")
    try report(message, isDelivered: false)
    guard case .append = message.body, chance.below(2) == 0 else { return }
    try give(.unreachable(message.to), to: Int(message.from.rawValue) - 1)
  }

  private mutating func partition() {
    let isWhole = sides.allSatisfy { $0 == 0 }
    for place in sides.indices { sides[place] = isWhole ? chance.below(2) : 0 }
    note("sides \(sides)")
  }

  // MARK: - Replicas

  /// Some of what an earlier event has left to do.
  private mutating func work() throws(Violation) {
    let place = anyPlace()
    guard !isDown[place] else { return }
    if replicas[place].core.hasOutput, replicas[place].pending.count < 3 {
      try write(place)
    } else if !replicas[place].pending.isEmpty {
      try complete(place)
    }
  }

  private mutating func crashOrRestart() throws(Violation) {
    let place = anyPlace()
    guard !isDown[place] else { return try restart(place) }
    note("crash \(replicas[place].id)")
    tally.crashes += 1
    // The disk may have been faster than the replica knew.
    if chance.below(3) == 0 { replicas[place].saveOldest() }
    isDown[place] = true
    if chance.below(2) == 0 { try restart(place) }
  }

  private mutating func restartAny() throws(Violation) {
    if let place = isDown.firstIndex(of: true) { try restart(place) }
  }

  private mutating func compact(_ place: Int) {
    guard !isDown[place], replicas[place].pending.isEmpty else { return }
    tally.snapshots += 1
    replicas[place].compact()
  }

  // MARK: - Clients

  private mutating func propose() throws(Violation) {
    let count = 1 + chance.below(4)
    let batch = (0..<count).map { Proposal.command(Stimulus.command(proposals + $0)) }
    proposals += count
    try give(.propose(batch), to: anyPlace())
  }

  private mutating func read(at place: Int) throws(Violation) {
    let read = ReadID(UInt64(reads.count) + 1)
    reads[read] = ledger.last
    try give(.readIndex(read), to: place)
  }

  private mutating func change() throws(Violation) {
    guard let place = leaderPlace else { return }
    let isJoint = replicas[place].core.membership.isJoint
    var change = ConfigurationChange(steps: [])
    if !isJoint {
      change.transition = [.automatic, .automatic, .implicit, .explicit][chance.below(4)]
      for _ in 0...chance.below(3) { change.steps.append(anyStep()) }
    }
    tally.changes += 1
    note("\(change)")
    try give(.proposeConfiguration(change), to: place)
  }

  private mutating func anyStep() -> ConfigurationChange.Step {
    let replica = anyID()
    switch chance.below(4) {
    case 0: return .addLearner(replica)
    case 1: return .remove(replica)
    default: return .addVoter(replica)
    }
  }

  /// The leader of the highest term, if any.
  var leaderPlace: Int? {
    replicas.indices.filter { !isDown[$0] && replicas[$0].core.roleName == .leader }
      .max { replicas[$0].core.term < replicas[$1].core.term }
  }
}
