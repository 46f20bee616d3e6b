import AionModel
import AionRaft

// Every step that one state allows.

extension Explorer {
  mutating func expand(_ world: World, _ number: UInt32) throws(Violation) {
    var previous: UInt32?
    for message in world.messages where message != previous {
      previous = message
      let receiver = Int(states.messages[message].to.rawValue) - 1
      if !states.facts[Int(world.nodes[receiver])].isDown {
        try follow(Action(.deliver, message), receiver, in: world, number)
        if allows(.duplicate, world) {
          try follow(Action(.duplicate, message), receiver, in: world, number)
        }
      }
      if allows(.drop, world) { drop(message, in: world, number) }
    }
    for node in world.nodes.indices { try intend(node, in: world, number) }
  }

  /// What a replica can do of itself, or be asked to.
  private mutating func intend(
    _ node: Int, in world: World, _ number: UInt32
  ) throws(Violation) {
    let facts = states.facts[Int(world.nodes[node])]
    guard !facts.isDown else {
      return try follow(Action(.restart, node: node), node, in: world, number)
    }
    if allows(.tick, world) { try follow(Action(.tick, node: node), node, in: world, number) }
    if allows(.timeout, world), facts.isVoter, !facts.isLeader {
      try follow(Action(.timeout, node: node), node, in: world, number)
    }
    if allows(.compaction, world) {
      try follow(Action(.compact, node: node), node, in: world, number)
    }
    if allows(.crash, world) { try follow(Action(.crash, node: node), node, in: world, number) }
    if allows(.read, world), facts.knowsLeader {
      let read = world.tally[.read]
      try follow(Action(.read, node: node, parameter: read), node, in: world, number)
    }
    if facts.isLeader { try lead(node, in: world, number) }
  }

  /// What only a leader is asked to do.
  private mutating func lead(
    _ node: Int, in world: World, _ number: UInt32
  ) throws(Violation) {
    if allows(.proposal, world) {
      let proposal = world.tally[.proposal]
      try follow(Action(.propose, node: node, parameter: proposal), node, in: world, number)
    }
    if allows(.change, world) {
      for change in bounds.changes.indices {
        try follow(Action(.change, node: node, parameter: change), node, in: world, number)
      }
    }
    if allows(.transfer, world) {
      for target in world.nodes.indices where target != node {
        try follow(Action(.transfer, node: node, parameter: target), node, in: world, number)
      }
    }
  }

  private func allows(_ kind: Tally.Kind, _ world: World) -> Bool {
    world.tally[kind] < bounds.limits[kind]
  }

  private mutating func drop(_ message: UInt32, in world: World, _ number: UInt32) {
    report.transitions += 1
    action = Action(.drop, message)
    begin(world)
    successor.remove(message)
    visit(successor, from: number, by: action)
  }

  /// Takes a step, and again with every crash that it leaves room for.
  private mutating func follow(
    _ action: Action, _ node: Int, in world: World, _ number: UInt32
  ) throws(Violation) {
    let syncs = try take(action, node, in: world, number)
    guard allows(.crash, world), action.kind != .crash else { return }
    for point in 0..<min(UInt32(2 * syncs), Action.mostCrashPoints) {
      _ = try take(action.crashing(point + 1), node, in: world, number)
    }
  }

  /// Returns how many syncs the step took.
  private mutating func take(
    _ taken: Action, _ node: Int, in world: World, _ number: UInt32
  ) throws(Violation) -> Int {
    report.transitions += 1
    action = taken
    let before = world.nodes[node]
    switch states.step(before, action) {
    case .violates(let violation): throw violation
    case .leads(let after, let sent, let reads, let syncs):
      begin(world)
      try checkReads(reads, of: node)
      if action.isAboutMessage, action.kind != .duplicate { successor.remove(action.message) }
      successor.nodes[node] = after
      successor.add(sent)
      if before != after { try checkStep(of: node, from: before) }
      if isWithinBounds(after) {
        visit(successor, from: number, by: action)
      } else {
        report.cut += 1
      }
      return syncs
    }
  }

  /// The successor as the world is, with the step counted.
  private mutating func begin(_ world: World) {
    successor.nodes = world.nodes
    successor.messages = world.messages
    successor.ledger = world.ledger
    successor.tally = world.tally
    if let kind = action.kind.tally { successor.tally[kind] += 1 }
    if action.crashCode > 0 { successor.tally[.crash] += 1 }
  }

  private func isWithinBounds(_ state: UInt32) -> Bool {
    successor.messages.count <= bounds.inFlight
      && states.facts[Int(state)].term.rawValue <= UInt64(bounds.terms)
  }

  // MARK: - Recognising

  mutating func visit(_ world: World, from parent: UInt32, by action: Action) {
    guard seen.insert(fingerprint(of: world)) else { return }
    parents.append(parent)
    actions.append(action.packed)
    nextFrontier.append(world)
  }

  /// The same for all worlds that differ by a symmetry only: the lowest of theirs.
  private mutating func fingerprint(of world: World) -> UInt64 {
    var lowest = UInt64.max
    for symmetry in 0..<symmetries.count {
      lowest = min(lowest, fingerprint(of: world, under: symmetry))
    }
    return lowest
  }

  private mutating func fingerprint(of world: World, under symmetry: Int) -> UInt64 {
    let ledger = ledgers.image(of: world.ledger, under: symmetry, symmetries)
    var sum = scatter(UInt64(ledger) | 1 << 62) &+ scatter(world.tally.packed | 1 << 63)
    // A state knows whose it is, so the order of the nodes adds nothing.
    for node in world.nodes {
      sum &+= scatter(UInt64(states.image(of: node, under: symmetry)) | 1 << 40)
    }
    for message in world.messages {
      sum &+= scatter(UInt64(states.image(ofMessage: message, under: symmetry)) | 1 << 41)
    }
    return scatter(sum)
  }
}

extension Action.Kind {
  /// What limits it.
  fileprivate var tally: Tally.Kind? {
    switch self {
    case .deliver: nil
    case .duplicate: .duplicate
    case .drop: .drop
    case .tick: .tick
    case .timeout: .timeout
    case .propose: .proposal
    case .change: .change
    case .transfer: .transfer
    case .read: .read
    case .compact: .compaction
    case .crash: .crash
    case .restart: nil
    }
  }
}
