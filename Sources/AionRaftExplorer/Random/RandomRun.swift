import AionModel
package import AionRaft

/// A group that lives through a few thousand random events, is healed, and must then agree.
package struct RandomRun {
  package let plan: RandomPlan
  var chance: SplitMix64
  package internal(set) var replicas: [Replica]
  var isDown: [Bool]
  var inFlight: [Message] = []
  /// Which side of a partition each replica is on; all are on side 0 when there is none.
  var sides: [Int]
  var ledger: Ledger
  private var entries = EntryLedger()
  /// How far the group had committed when each read was asked for.
  var reads: [ReadID: LogIndex] = [:]
  var proposals = 0
  package internal(set) var tally = RandomTally()
  /// Hears of every event, for a run that is looked at.
  private let trace: ((String) -> Void)?

  package init(_ plan: RandomPlan, trace: ((String) -> Void)? = nil) throws(RaftStartError) {
    self.plan = plan
    self.trace = trace
    chance = plan.chance
    let members = (1...UInt64(plan.voters)).map { ReplicaID($0) }
    let start = SnapshotMetadata(
      position: LogPosition(term: 1, index: 2), membership: Membership(voters: members))
    replicas = []
    for number in 1...UInt64(plan.replicas) {
      let id = ReplicaID(number)
      let own = SnapshotMetadata(position: .zero, membership: Membership())
      replicas.append(
        try Replica(
          id: id, options: plan.options, seed: chance.next(),
          start: members.contains(id) ? start : own, offersEveryState: plan.seed % 2 == 0))
    }
    isDown = Array(repeating: false, count: plan.replicas)
    sides = Array(repeating: 0, count: plan.replicas)
    ledger = Ledger(start)
  }

  /// Runs every event and the healing.
  package mutating func run() throws(Violation) {
    for _ in 0..<plan.steps { try happen() }
    try heal()
  }

  func note(_ event: @autoclosure () -> String) { trace?(event()) }

  // MARK: - Replicas

  /// An input and, at once or later, what follows from it.
  mutating func give(_ input: Input, to place: Int) throws(Violation) {
    guard !isDown[place] else { return }
    let before = mark(place)
    try replicas[place].take(input)
    try check(place, before)
    if !chance.happens(plan.odds.delay) { try settle(place) }
  }

  mutating func settle(_ place: Int) throws(Violation) {
    while !isDown[place], replicas[place].core.hasOutput || !replicas[place].pending.isEmpty {
      if replicas[place].core.hasOutput { try write(place) }
      while !replicas[place].pending.isEmpty { try complete(place) }
    }
  }

  mutating func write(_ place: Int) throws(Violation) {
    let before = mark(place)
    let sent = try replicas[place].write()
    if let output = replicas[place].pending.last {
      try entries.note(output.entries, of: replicas[place].core)
    }
    inFlight += sent
    try check(place, before)
  }

  mutating func complete(_ place: Int) throws(Violation) {
    let before = mark(place)
    let completion = try replicas[place].complete()
    inFlight += completion.messages
    for read in completion.reads { try check(read, of: place) }
    try check(place, before)
  }

  mutating func restart(_ place: Int) throws(Violation) {
    try replicas[place].restart()
    isDown[place] = false
    var before = mark(place)
    before.committed = .zero
    try check(place, before)
    try settle(place)
  }

  // MARK: - Checks

  struct Mark {
    var committed: LogIndex
    var membership: Membership
  }

  func mark(_ place: Int) -> Mark {
    let core = replicas[place].core
    return Mark(committed: core.committed, membership: core.membership)
  }

  private mutating func check(_ place: Int, _ before: Mark) throws(Violation) {
    replicas[place].core.checkInvariants()
    try ledger.noteLeader(replicas[place])
    try ledger.noteCommits(
      of: replicas[place], after: before.committed, before: before.membership, among: replicas)
    try ledger.checkMembership(of: replicas[place])
  }

  private mutating func check(_ read: Output.SafeRead, of place: Int) throws(Violation) {
    guard let committed = reads[read.read] else { return }
    tally.reads += 1
    guard read.index >= committed else {
      throw .staleRead(
        replicas[place].id, read.read, at: read.index, committedBefore: committed)
    }
  }
}

/// What a random run went through.
package struct RandomTally: Sendable {
  package var delivered = 0
  package var lost = 0
  package var crashes = 0
  package var changes = 0
  package var snapshots = 0
  package var reads = 0
  package var committed = 0
  package var terms = 0
  /// Until all agreed after the healing, rounded up.
  package var electionTimeouts = 0

  package init() {}
}
