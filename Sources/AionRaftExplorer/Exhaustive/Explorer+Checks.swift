import AionModel
import AionRaft

extension Explorer {
  /// Holds the replica that took the present step against all others and against history.
  mutating func checkStep(of node: Int, from before: UInt32) throws(Violation) {
    let after = successor.nodes[node]
    let (old, new) = (states.facts[Int(before)], states.facts[Int(after)])
    if old.log != new.log {
      for other in successor.nodes where other != after {
        try states.logsMatch(after, other)
      }
    }
    let isCrash = action.crashCode > 0 || action.kind == .crash
    let isNews = new.committed != old.committed || (new.isLeader && new.term != old.term)
    guard isNews || isCrash || new.applied != old.applied || new.isLeader != old.isLeader else {
      return
    }
    try checkHistory(of: node, from: before, since: isCrash ? .zero : old.committed)
  }

  /// Holds the answers of the present step against what was committed when each read was asked.
  mutating func checkReads(_ reads: [Output.SafeRead], of node: Int) throws(Violation) {
    guard action.kind == .read || !reads.isEmpty else { return }
    var ledger = ledgers[successor.ledger]
    if action.kind == .read {
      ledger.noteRead()
      successor.ledger = ledgers.number(of: ledger)
    }
    for read in reads { try ledger.check(read, of: bounds.ids[node]) }
  }

  private mutating func checkHistory(
    of node: Int, from before: UInt32, since committed: LogIndex
  ) throws(Violation) {
    let group = successor.nodes.map { states.replicas[Int($0)] }
    var ledger = ledgers[successor.ledger]
    try ledger.noteLeader(group[node])
    try ledger.noteCommits(
      of: group[node], after: committed,
      before: states.replicas[Int(before)].core.membership, among: group,
      hasCrashed: successor.tally[.crash] > 0)
    try ledger.checkMembership(of: group[node])
    successor.ledger = ledgers.number(of: ledger)
  }

  // MARK: - Counterexamples

  /// The steps to a state and the one that violates something after it.
  func counterexample(to state: UInt32, _ violation: Violation) -> Counterexample {
    Counterexample(
      bounds: bounds, steps: steps(to: state) + [step(action)], violation: violation)
  }

  private func steps(to state: UInt32) -> [Counterexample.Step] {
    var steps: [Counterexample.Step] = []
    var place = state
    while place > 0 {
      steps.append(step(Action(packed: actions[Int(place)])))
      place = parents[Int(place)]
    }
    return steps.reversed()
  }

  /// The shortest way to a state that was visited, by its number, as a transcript; and the replicas
  /// that it leads to.
  package func replay(
    toState number: Int
  ) throws(Violation) -> (transcript: String, replicas: [Replica]) {
    var writer = TranscriptWriter(bounds)
    for step in steps(to: UInt32(number)) { try writer.write(step) }
    return (writer.text, writer.replicas)
  }

  private func step(_ action: Action) -> Counterexample.Step {
    let network: Counterexample.Network? =
      switch action.kind {
      case .deliver: .delivers
      case .duplicate: .duplicates
      case .drop: .drops
      default: nil
      }
    let node =
      action.isAboutMessage
      ? Int(states.messages[action.message].to.rawValue) - 1 : action.node
    return Counterexample.Step(
      node: node, stimulus: states.stimulus(action), network: network, crash: action.crash)
  }
}
