import AionModel
import AionRaft
import Testing

/// Replicas 1, 2, 3, … with the messages between them, delivered in order or as a test says.
struct TestGroup {
  var replicas: [Replica]
  var inFlight: [Message] = []
  /// Replicas that neither hear nor are heard.
  var isolated: Set<ReplicaID> = []
  /// Refusals of messages, in order.
  var refusals: [RaftRefusal] = []

  init(
    voters: Int, learners: Int = 0, strangers: Int = 0, options: RaftOptions = .plain
  ) throws {
    let ids = (1...UInt64(voters + learners + strangers)).map { ReplicaID($0) }
    let members = Membership(
      voters: Array(ids.prefix(voters)), learners: Array(ids.dropFirst(voters).prefix(learners)))
    replicas = try ids.enumerated().map { place, id in
      let isMember = place < voters + learners
      return try Replica(
        id, members: isMember ? members : Membership(), options: options, seed: id.rawValue)
    }
  }

  subscript(id: ReplicaID) -> Replica {
    get { replicas[Int(id.rawValue) - 1] }
    set { replicas[Int(id.rawValue) - 1] = newValue }
  }

  /// Completes what a replica has to do, and sends what it has to send.
  mutating func flush(_ id: ReplicaID) {
    let before = self[id].disk.snapshot
    inFlight += self[id].settle()
    let installed = self[id].disk.snapshot
    if installed != before { installState(of: installed.position.index, on: id) }
  }

  /// The state travels beside the message: here, from whoever has applied as much.
  private mutating func installState(of index: LogIndex, on id: ReplicaID) {
    let source = replicas.first { $0.id != id && $0.core.applied >= index }
    let state = source?.appliedEntries.filter { $0.index <= index } ?? []
    self[id].appliedEntries = state + self[id].appliedEntries.filter { $0.index > index }
  }

  /// Hands over what waits for a replica, without completing anything.
  mutating func deliver(to id: ReplicaID, where isWanted: (Message) -> Bool = { _ in true }) {
    let due = inFlight.filter { $0.to == id && isWanted($0) }
    inFlight.removeAll { $0.to == id && isWanted($0) }
    for message in due { hand(message) }
  }

  mutating func hand(_ message: Message) {
    guard !isolated.contains(message.from), !isolated.contains(message.to),
      message.to.rawValue <= UInt64(replicas.count)
    else { return }
    do throws(RaftRefusal) {
      try self[message.to].core.step(.message(message))
    } catch {
      refusals.append(error)
    }
    self[message.to].core.checkInvariants()
  }

  mutating func drop(where isUnwanted: (Message) -> Bool = { _ in true }) {
    inFlight.removeAll(where: isUnwanted)
  }

  /// Everything is completed and delivered, until nothing is left.
  mutating func settle() {
    var rounds = 0
    repeat {
      for replica in replicas { flush(replica.id) }
      let due = inFlight
      inFlight = []
      for message in due { hand(message) }
      rounds += 1
    } while rounds < 1_000 && (!inFlight.isEmpty || replicas.contains { $0.core.hasOutput })
    #expect(rounds < 1_000, "the group does not settle")
  }

  mutating func step(_ id: ReplicaID, _ input: Input) throws {
    try self[id].core.step(input)
    self[id].core.checkInvariants()
  }

  mutating func tick(_ id: ReplicaID, _ count: Int = 1) throws {
    for _ in 0..<count { try step(id, .tick) }
  }

  mutating func elect(_ id: ReplicaID) throws {
    try step(id, .campaign)
    settle()
    #expect(self[id].core.roleName == .leader)
  }

  @discardableResult
  mutating func propose(_ id: ReplicaID, _ texts: String...) throws -> Acceptance {
    try self[id].core.propose(texts.map { .text($0) })
  }

  mutating func change(
    _ id: ReplicaID, _ steps: ConfigurationChange.Step...,
    transition: ConfigurationChange.Transition = .automatic
  ) throws {
    try step(
      id, .proposeConfiguration(ConfigurationChange(transition: transition, steps: steps)))
  }

  /// What a leader knows of a member.
  func member(_ id: ReplicaID, by leader: ReplicaID) throws -> RaftStatus.Member {
    try #require(self[leader].core.status.members.first { $0.replica == id })
  }

  /// A replica's log, as terms in the order of the entries.
  func terms(_ id: ReplicaID) -> [Term] {
    let core = self[id].core
    return core.entries(core.firstIndex..<core.lastPosition.index.next).map(\.term)
  }
}

extension RaftOptions {
  /// Without PreVote and CheckQuorum, and always the same timeout, unless a test asks for them.
  static var plain: RaftOptions {
    var options = RaftOptions()
    options.preVote = false
    options.checkQuorum = false
    options.electionTicks = 10
    options.electionJitterTicks = 1
    return options
  }

  static var careful: RaftOptions {
    var options = plain
    options.preVote = true
    options.checkQuorum = true
    return options
  }
}

extension Message {
  var isVoteReply: Bool {
    if case .voteReply = body { return true }
    return false
  }

  var isAppend: Bool {
    if case .append = body { return true }
    return false
  }

  var appendedEntries: [Entry] {
    if case .append(_, _, let entries, _) = body { return entries }
    return []
  }
}
