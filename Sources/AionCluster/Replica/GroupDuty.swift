import AionModel
import AionNode
import AionRaft

/// What one replica of several has to do beside its log: keep time, hear others, answer those who
/// ask it for more than writes.
struct GroupDuty {
  let outlet: any ReplicaOutlet
  let room: EnvelopeRoom
  private var schedule: TickSchedule<SuspendingClock.Instant>
  private var looks = TickSchedule(every: .seconds(5), from: SuspendingClock.now)
  /// Ticks that leaving may take, for each of its two steps.
  let leavingTicks: Int
  /// Ticks after which a transfer of the leadership counts as failed.
  let transferTicks: Int

  /// Came in, and was not given to the node yet.
  var envelopes: [Envelope] = []
  /// Replicas to which a connection broke: heard after what they had sent before.
  var lost: [ReplicaID] = []
  var writers: ExpectedWriters
  var reads = ReadRounds()
  var changes = MembershipChanges()
  var transfers: [Waiter<Void>] = []
  /// Ticks left for the transfer that is under way.
  var transferPatience = 0
  var leaving = Leaving.no
  var report = StatusBoard.GroupReport()
  var hasToldFault = false

  /// How far leaving has come.
  enum Leaving: Equatable {
    case no
    /// Waits for what was accepted to be answered.
    case answering(ticksLeft: Int)
    /// Waits for another replica to lead.
    case handingOver(ticksLeft: Int)
    case gone
  }

  init(_ configuration: ReplicaConfiguration, outlet: any ReplicaOutlet, room: EnvelopeRoom) {
    self.outlet = outlet
    self.room = room
    schedule = TickSchedule(every: configuration.tick, from: SuspendingClock.now)
    writers = ExpectedWriters(patience: configuration.gathering)
    leavingTicks = configuration.leavingTicks
    transferTicks = configuration.electionTicks * 2
  }

  /// How long the thread may wait for something to do.
  var pause: Duration {
    let now = SuspendingClock.now
    let tick = schedule.pause(from: now)
    return writers.timeLeft(at: now).map { min($0, tick) } ?? tick
  }

  /// What a batch is to hold.
  ///
  /// - Parameter underWay: Writes that are proposed and not answered.
  func gathering(underWay: Int) -> Gathering {
    guard report.role == .leader else { return .none }
    return Gathering(underWay: underWay, writers: writers)
  }

  /// Whether there will be a batch soon: some of many have written again, or are expected to.
  ///
  /// - Parameter waiting: Writes that wait.
  func expectsBatch(waiting: Int) -> Bool {
    waiting > 0 && writers.areMany || writers.timeLeft(at: SuspendingClock.now) != nil
  }

  /// Some writes are about to be answered.
  ///
  /// - Parameters:
  ///   - last: The newest of them.
  ///   - present: Writes that are under way, those among them, and writes that wait.
  mutating func willAnswer(through last: SubmissionID, present: Int) {
    guard report.role == .leader else { return writers.forgetBatch() }
    writers.willAnswer(through: last, present: present, at: SuspendingClock.now)
  }

  /// A batch goes, or none does, since nobody has come in time.
  mutating func willPropose(_ count: Int, from first: SubmissionID, underWay: Int) {
    writers.willPropose(count, from: first, underWay: underWay, at: SuspendingClock.now)
  }

  mutating func began(transferFor waiter: Waiter<Void>) {
    transfers.append(waiter)
    transferPatience = transferTicks
  }

  mutating func beganLeaving() {
    if leaving == .no { leaving = .answering(ticksLeft: leavingTicks) }
  }

  mutating func beganHandingOver() { leaving = .handingOver(ticksLeft: leavingTicks) }

  /// Whether it is time to see how full the disk is.
  mutating func takeLook() -> Bool { looks.takeTick(at: SuspendingClock.now) }

  mutating func takeTick() -> Bool { schedule.takeTick(at: SuspendingClock.now) }
}

/// Callers that wait for a change of the members.
struct MembershipChanges {
  private var waiting: [(id: SubmissionID, waiter: Waiter<Membership>)] = []
  private var last: SubmissionID = 0

  mutating func add(_ waiter: Waiter<Membership>) -> SubmissionID {
    last.rawValue += 1
    waiting.append((last, waiter))
    return last
  }

  mutating func answer(_ reply: Reply<Membership>) {
    guard let place = waiting.firstIndex(where: { $0.id == reply.id }) else { return }
    waiting.remove(at: place).waiter.resume(reply.outcome)
  }

  mutating func failAll(_ error: ClusterError) {
    for (_, waiter) in waiting { waiter.resume(.failure(error)) }
    waiting = []
  }
}
