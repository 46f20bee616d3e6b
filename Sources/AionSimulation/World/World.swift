import AionModel
import AionNode
import AionRaft

/// A cluster of shipped nodes with their clients, in one thread and from one seed: its disks, its
/// network, its clocks and its operators are simulated, and everything in it is checked after
/// every event.
public final class World<Load: Workload> {
  typealias Machine = Load.Machine

  public let scenario: Scenario
  var now = Moment.start
  var queue = EventQueue<Event>()
  var phase = Phase.hostile
  var trace: Trace
  var situations = Situations()

  // What it is made of
  /// By ascending id; those that were removed stay where they are.
  var replicas: [Replica<Machine>] = []
  var clients: [Client<Load>] = []
  var network: SimulatedNetwork
  var load: Load

  // What is checked
  var ledger: Ledger
  var budget = FaultBudget()
  var operations = 0
  /// Whether every founder has been introduced: before, no disk may be lost.
  var isFounded = false

  // Chance, a stream for each concern
  var strikes: [SplitMix64]
  var lives: SplitMix64
  var clientChance: SplitMix64
  var clientPaths: SplitMix64
  var operatorChance: SplitMix64

  var lastLife = 0
  var lastSubmission = SubmissionID(0)
  var lastRead = ReadID(0)
  var operators = Operators()

  static var cluster: ClusterID { 7 }
  static var mostReplicas: Int { 7 }

  /// From when until when.
  enum Phase {
    /// Faults strike.
    case hostile
    /// No more faults; what they have broken is being mended.
    case healing(since: Moment)
    /// All is mended, and clients finish what they began.
    case closing(since: Moment)
    case over
  }

  enum Event {
    case tick(ReplicaID, life: Int)
    case wake(ReplicaID, life: Int)
    case ended(ReplicaID, life: Int, Life<Machine>.Job)
    case leave(ReplicaID, life: Int, [Envelope])
    case deliver(Envelope)
    case unreachable(ReplicaID, life: Int, ReplicaID)
    case lost(ReplicaID, life: Int, ReplicaID)
    case restart(ReplicaID)
    case request(ClientID, attempt: Int, to: ReplicaID)
    case answer(ClientID, attempt: Int, Client<Load>.Reply)
    case turn(ClientID, attempt: Int)
    case strike(FaultKind)
    case ease(FaultKind, ReplicaID?)
    case operate
    case heal
    case look
  }

  /// - Parameter listener: Hears a line for every event.
  public init(_ scenario: Scenario, listener: ((String) -> Void)? = nil) {
    self.scenario = scenario
    let seed = scenario.seed
    trace = Trace(listener)
    network = SimulatedNetwork(scenario.faults.network, seed: seed)
    var loadSeed = SplitMix64(seed: seed, concern: 20)
    load = Load(seed: loadSeed.next())
    let founders = (1...UInt64(max(1, scenario.replicas))).map { ReplicaID($0) }
    ledger = Ledger(Membership(voters: founders))
    strikes = FaultKind.allCases.map { SplitMix64(seed: seed &+ 1, concern: $0.concern) }
    lives = SplitMix64(seed: seed, concern: 21)
    clientChance = SplitMix64(seed: seed, concern: 22)
    clientPaths = SplitMix64(seed: seed, concern: 23)
    operatorChance = SplitMix64(seed: seed, concern: 24)
    for founder in founders { addReplica(founder, .bootstrap(founders)) }
    for number in 1...UInt32(max(1, scenario.clients)) {
      clients.append(Client(ClientID(number)))
    }
  }

  /// Runs from the beginning to the end, or to the first broken promise.
  public func run() -> RunReport {
    var violation: Violation?
    do throws(Violation) {
      try begin()
      while let next = queue.next() {
        now = next.time
        try happen(next.event)
        if case .over = phase { break }
      }
    } catch {
      violation = error
      say("violated: \(error)")
    }
    return report(violation)
  }

  private func begin() throws(Violation) {
    operators.target = replicas.count
    for replica in replicas { try open(replica) }
    for client in clients { queue.add(.turn(client.id, attempt: 0), at: now + scenario.tick * 30) }
    for kind in FaultKind.allCases { scheduleStrike(kind) }
    queue.add(.operate, at: now + scenario.tick * 10)
    queue.add(.heal, at: now + scenario.duration)
  }

  private func happen(_ event: Event) throws(Violation) {
    switch event {
    case .tick(let id, let life): try tick(id, life)
    case .wake(let id, let life): try wake(id, life)
    case .ended(let id, let life, let job): try give(.ended(job), to: id, life)
    case .leave(let id, let life, let envelopes): try leave(id, life, envelopes)
    case .deliver(let envelope): try deliver(envelope)
    case .unreachable(let id, let life, let peer): try give(.unreachable(peer), to: id, life)
    case .lost(let id, let life, let peer): try give(.lost(peer), to: id, life)
    case .restart(let id): try restart(id)
    case .request(let client, let attempt, let id): try take(client, attempt, at: id)
    case .answer(let client, let attempt, let reply): try hear(client, attempt, reply)
    case .turn(let client, let attempt): try turn(client, attempt)
    case .strike(let kind): try strike(kind)
    case .ease(let kind, let id): ease(kind, id)
    case .operate: try operate()
    case .heal: try heal()
    case .look: try look()
    }
  }

  /// Tells whoever listens.
  func say(_ line: @autoclosure () -> String) { trace.say(now, line()) }
}

// MARK: - Who is there

extension World {
  func replica(_ id: ReplicaID) -> Replica<Machine> { replicas[Int(id.rawValue) - 1] }

  /// The life of that number, unless it is over.
  func life(_ id: ReplicaID, _ number: Int) -> Life<Machine>? {
    guard let life = replica(id).life, life.number == number else { return nil }
    return life
  }

  @discardableResult
  func addReplica(_ id: ReplicaID, _ beginning: NodeBeginning) -> Replica<Machine> {
    var chance = SplitMix64(seed: scenario.seed, concern: 1_000 + id.rawValue)
    let drift = scenario.faults.drift
    let clock = SimulatedClock(tick: scenario.tick, drift: chance.number(in: -drift...drift))
    let replica = Replica<Machine>(id, SimulatedDisk(seed: chance.next()), beginning, clock)
    if case .bootstrap = beginning { replica.hasBeenMember = true }
    replicas.append(replica)
    return replica
  }

  /// The leader of the highest term among those that work.
  var leader: Replica<Machine>? {
    var best: (replica: Replica<Machine>, term: Term)?
    for replica in replicas {
      guard let life = replica.life, life.node.fault == nil else { continue }
      let core = life.node.core
      guard core.roleName == .leader, core.term > best?.term ?? .zero else { continue }
      best = (replica, core.term)
    }
    return best?.replica
  }

  /// Every membership that may be in force somewhere, or come to be.
  var memberships: [Membership] {
    [ledger.membership] + operators.underWay(from: ledger.membership)
      + replicas.filter { !$0.isRetired }
      .map { $0.life?.node.membership ?? $0.lastMembership }.filter { !$0.voters.isEmpty }
  }
}
