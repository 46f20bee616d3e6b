/// What many random runs went through.
package struct RandomTotal: Sendable {
  package private(set) var runs = 0
  package private(set) var sum = RandomTally()
  /// The longest time that a group took to agree, in election timeouts.
  package private(set) var slowest = 0

  package init() {}

  package mutating func add(_ tally: RandomTally) {
    runs += 1
    sum.delivered += tally.delivered
    sum.lost += tally.lost
    sum.crashes += tally.crashes
    sum.changes += tally.changes
    sum.snapshots += tally.snapshots
    sum.reads += tally.reads
    sum.committed += tally.committed
    sum.terms += tally.terms
    slowest = max(slowest, tally.electionTimeouts)
  }

  package var text: String {
    "\(runs) runs: \(sum.delivered) messages delivered, \(sum.lost) lost, \(sum.crashes) crashes,"
      + " \(sum.changes) membership changes, \(sum.snapshots) snapshots, \(sum.reads) reads,"
      + " \(sum.committed) entries committed, \(sum.terms) terms; all agreed"
      + " within \(slowest) election timeouts"
  }
}
