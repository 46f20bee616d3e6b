import AionModel
package import AionRaft

/// Visits every state that a group can reach within bounds, breadth first, and holds each step
/// against Raft's promises.
///
/// The same bounds give the same states in the same order, in every process.
package struct Explorer {
  let bounds: Bounds
  let symmetries: Symmetries
  var states: ReplicaStates
  var ledgers = LedgerTable()
  var seen = FingerprintSet()
  /// How each state was first reached.
  var parents = NumberList()
  var actions = NumberList()
  private var frontier = Frontier()
  var nextFrontier = Frontier()
  var report = Report()
  /// The step that is being taken, and where it leads.
  var action = Action(packed: 0)
  var successor: World

  package init(_ bounds: Bounds, foldsSymmetricNodes: Bool = true) throws(RaftStartError) {
    self.bounds = bounds
    symmetries = Symmetries(bounds, isFolding: foldsSymmetricNodes)
    states = try ReplicaStates(bounds, symmetries)
    let start = World(nodes: (0..<UInt32(bounds.nodes)).map { $0 })
    successor = start
    _ = ledgers.number(of: Ledger(bounds.start))
    visit(start, from: UInt32.max, by: Action(packed: 0))
  }

  /// Explores until everything is seen, something is violated, a condition is met, or `goesOn`,
  /// which is asked every few thousand states, says no.
  package mutating func run(
    until conditions: StopConditions = StopConditions(), goesOn: (Report) -> Bool = { _ in true }
  ) -> Report {
    var world = successor
    var number: UInt32 = 0
    while nextFrontier.count > 0 {
      guard report.depth < conditions.depth else { return end(.stopped(.depth)) }
      (frontier, nextFrontier) = (nextFrontier, Frontier())
      while frontier.next(into: &world) {
        do throws(Violation) {
          try expand(world, number)
        } catch {
          return end(.violated(counterexample(to: number, error)))
        }
        number += 1
        if number & 0xFFF == 0, let stop = stop(conditions, goesOn) { return end(.stopped(stop)) }
      }
      if nextFrontier.count > 0 { report.depth += 1 }
    }
    return end(.exhausted)
  }

  private mutating func stop(
    _ conditions: StopConditions, _ goesOn: (Report) -> Bool
  ) -> Report.Stop? {
    count()
    if report.states >= conditions.states { return .states }
    if report.bytes >= conditions.bytes { return .memory }
    return goesOn(report) ? nil : .time
  }

  private mutating func end(_ outcome: Report.Outcome) -> Report {
    count()
    report.outcome = outcome
    return report
  }

  private mutating func count() {
    report.states = seen.count
    report.replicaStates = states.count
    report.messages = states.messages.count
    report.ledgers = ledgers.count
    report.waiting = frontier.count + nextFrontier.count
    let tables = seen.bytes + parents.bytes + actions.bytes + states.bytes
    report.bytes = max(report.bytes, tables + frontier.bytes + nextFrontier.bytes)
  }
}
