import AionCatalog
import AionModel
import Testing

@Suite("Sessions: a write with a stamp happens once")
struct SessionTests {
  var machine = Machine()

  init() throws { try machine.apply(.openSession) }

  private func stamped(
    _ commands: Command..., sequence: UInt64, below: UInt64 = 1, session: SessionID = 1
  ) -> CommandBatch {
    CommandBatch(
      commands,
      stamp: SessionStamp(
        session: session, sequence: SequenceNumber(sequence), answeredBelow: SequenceNumber(below)))
  }

  /// Applies a batch that must leave the state byte for byte as it was.
  private mutating func duplicate(_ batch: CommandBatch) -> BatchOutcome {
    let before = machine.snapshot
    let outcome = machine.state.apply(batch, at: before.applied.next)
    #expect(machine.snapshot.encoded() == before.encoded())
    #expect(machine.snapshot.digest == before.digest)
    #expect(!machine.state.wasChanged)
    return outcome
  }

  @Test("Sessions are numbered from 1 and never twice, and bump no version")
  mutating func opening() throws {
    #expect(try machine.bumps(of: .openSession) == .state)
    #expect(machine.snapshot.sessions().map(\.id) == [1, 2])
    #expect(try machine.bumps(of: .closeSession(2)) == .state)
    #expect(try machine.bumps(of: .closeSession(2)) == .nothing)
    #expect(try machine.apply(.openSession).outcomes == [.opened(3)])
  }

  @Test("A duplicate gets the first answer, index and versions included, and changes nothing")
  mutating func duplicates() throws {
    let batch = stamped(.createDatabase("a"), .beginTxn(.local), .upsertNode("n"), sequence: 1)
    let first = try machine.apply(batch)
    try machine.apply(.createDatabase("b"))
    #expect(duplicate(batch) == .success(first))
    #expect(first.index == 2)
    // What it carries no longer matters, only its sequence.
    #expect(duplicate(stamped(.dropDatabase(2), sequence: 1)) == .success(first))
    #expect(machine.snapshot.outcomes(of: 1).map(\.sequence) == [1])
  }

  @Test("A refusal is an answer too: its late duplicate does nothing, though it could by then")
  mutating func refusals() throws {
    try machine.apply(.createDatabase("a"))
    let batch = stamped(.createDatabase("a"), sequence: 1)
    let refusal = BatchOutcome.failure(.databaseExists(name: "a"))
    #expect(machine.state.apply(batch, at: machine.snapshot.applied.next) == refusal)
    #expect(machine.state.wasChanged)
    try machine.apply(.dropDatabase(2))
    #expect(duplicate(batch) == refusal)
    #expect(machine.snapshot.database(named: "a") == nil)
  }

  @Test("A batch that is refused half way leaves nothing but its refusal")
  mutating func wholeness() throws {
    let versions = (machine.snapshot.catalogVersion, machine.snapshot.placementEpoch)
    let batch = stamped(.createDatabase("a"), .upsertNode("n"), .forgetTxn(9), sequence: 1)
    #expect(
      machine.state.apply(batch, at: machine.snapshot.applied.next)
        == .failure(.unknownTransaction(9)))
    #expect((machine.snapshot.catalogVersion, machine.snapshot.placementEpoch) == versions)
    #expect(machine.snapshot.databases().isEmpty && machine.snapshot.nodes().isEmpty)
    #expect(machine.snapshot.outcomes(of: 1).map(\.outcome) == [.failure(.unknownTransaction(9))])
  }

  @Test("A duplicate is answered before its precondition is looked at")
  mutating func preconditions() throws {
    var batch = stamped(.createDatabase("a"), sequence: 1)
    batch.expectedCatalogVersion = 0
    let first = try machine.apply(batch)
    #expect(duplicate(batch) == .success(first))
    var late = stamped(.createDatabase("b"), sequence: 2)
    late.expectedCatalogVersion = 0
    let refusal = ClusterError.preconditionFailed(
      .catalogVersion(expected: 0, current: first.catalogVersion))
    for _ in 0..<2 {
      #expect(machine.state.apply(late, at: machine.snapshot.applied.next) == .failure(refusal))
    }
  }

  @Test("Sequences may come in any order, with gaps")
  mutating func pipelining() throws {
    for sequence in [5, 2, 900, 1] as [UInt64] {
      try machine.apply(stamped(.beginTxn(.local), sequence: sequence))
    }
    #expect(machine.snapshot.outcomes(of: 1).map(\.sequence) == [1, 2, 5, 900])
    #expect(try machine.apply(stamped(sequence: 900)).outcomes == [.began(3)])
  }

  @Test("What the client was answered is forgotten, and its late duplicates are refused")
  mutating func forgetting() throws {
    for sequence in 1...5 as ClosedRange<UInt64> {
      try machine.apply(stamped(.beginTxn(.local), sequence: sequence))
    }
    try machine.apply(stamped(.beginTxn(.local), sequence: 6, below: 4))
    #expect(machine.snapshot.outcomes(of: 1).map(\.sequence) == [4, 5, 6])
    #expect(
      duplicate(stamped(.beginTxn(.local), sequence: 3))
        == .failure(.sequenceAnswered(1, 3, answeredBelow: 4)))
    // It counts up to the batch's own sequence, and never back.
    try machine.apply(stamped(.beginTxn(.local), sequence: 7, below: .max))
    try machine.apply(stamped(.beginTxn(.local), sequence: 8, below: 2))
    #expect(machine.snapshot.session(1)?.answeredBelow == 7)
    #expect(machine.snapshot.outcomes(of: 1).map(\.sequence) == [7, 8])
    #expect(
      duplicate(stamped(sequence: 0)) == .failure(.sequenceAnswered(1, 0, answeredBelow: 7)))
  }

  @Test("A sequence too far ahead is refused and stays open, at and above the limit")
  mutating func window() throws {
    let limit = UInt64(Limits.unansweredPerSession)
    #expect(
      machine.refusal(of: stamped(.beginTxn(.local), sequence: limit + 1))
        == .limitExceeded(
          .unansweredPerSession, asked: Limits.unansweredPerSession + 1,
          allowed: Limits.unansweredPerSession))
    try machine.apply(stamped(.beginTxn(.local), sequence: limit))
    #expect(
      machine.refusal(of: stamped(.beginTxn(.local), sequence: .max))
        == .limitExceeded(
          .unansweredPerSession, asked: .max, allowed: Limits.unansweredPerSession))
    let applied = try machine.apply(stamped(.beginTxn(.local), sequence: limit + 1, below: 2))
    #expect(applied.outcomes == [.began(2)])
    try machine.apply(stamped(.closeSession(9), sequence: .max, below: .max))
    try machine.apply(.closeSession(1))
    #expect(machine.snapshot.outcomes(of: 1).isEmpty)
  }

  @Test("A session whose outcomes take too much gets no more until its client is answered some")
  mutating func outcomesLength() throws {
    let name = String(repeating: "x", count: 600_000)
    for sequence in 1...2 as ClosedRange<UInt64> {
      _ = machine.state.apply(
        stamped(.createDatabase(name), sequence: sequence), at: machine.snapshot.applied.next)
    }
    guard
      case .limitExceeded(.unansweredOutcomesLength, let asked, 1_048_576) = machine.refusal(
        of: stamped(.beginTxn(.local), sequence: 3))
    else { return #expect(Bool(false), "not refused for its length") }
    #expect(asked > 1_200_000 && asked < 1_200_100)
    #expect(try restarted.sessions() == machine.snapshot.sessions())
    let applied = try machine.apply(stamped(.beginTxn(.local), sequence: 3, below: 2))
    #expect(applied.outcomes == [.began(1)])
    // What was answered is not counted any more, however much it was altogether.
    for sequence in 4...9 as ClosedRange<UInt64> {
      let outcome = machine.state.apply(
        stamped(.createDatabase(name), sequence: sequence, below: sequence),
        at: machine.snapshot.applied.next)
      if case .failure(.limitExceeded(.unansweredOutcomesLength, _, _)) = outcome {
        Issue.record("refused at \(sequence)")
      }
    }
    #expect(try restarted.sessions() == machine.snapshot.sessions())
  }

  /// As it is after a restart: what outcomes take is counted anew from those that were kept.
  private var restarted: ClusterSnapshot {
    get throws {
      var decoder = SnapshotDecoder()
      try decoder.read(machine.snapshot.encoded())
      return try decoder.finish(appliedThrough: machine.snapshot.applied)
    }
  }

  @Test("One session too many ends the one that was not used for the longest, with its outcomes")
  mutating func eviction() throws {
    try machine.apply(stamped(.beginTxn(.local), sequence: 1))
    try machine.apply(CommandBatch([Command](repeating: .openSession, count: Limits.sessions - 1)))
    #expect(machine.snapshot.sessions().count == Limits.sessions)
    // Session 1 is used, so session 2 is the oldest; a duplicate is no use.
    try machine.apply(stamped(.beginTxn(.local), sequence: 1, session: 2))
    try machine.apply(stamped(.beginTxn(.local), sequence: 2))
    #expect(duplicate(stamped(sequence: 1, session: 2)) != .failure(.sessionExpired(2)))
    for _ in 3...Limits.sessions { try machine.apply(.openSession) }
    #expect(machine.snapshot.session(3) == nil)
    #expect(machine.snapshot.session(2) != nil)
    try machine.apply(.openSession)
    #expect(machine.snapshot.session(2) == nil && machine.snapshot.session(1) != nil)
    #expect(machine.snapshot.outcomes(of: 2).isEmpty)
    #expect(machine.snapshot.sessions().count == Limits.sessions)
    #expect(duplicate(stamped(sequence: 2, session: 2)) == .failure(.sessionExpired(2)))
  }

  @Test("A batch may close its own session: nothing is kept of it")
  mutating func closingItself() throws {
    let batch = stamped(.closeSession(1), .beginTxn(.local), sequence: 1)
    #expect(try machine.apply(batch).outcomes == [.done, .began(1)])
    #expect(duplicate(batch) == .failure(.sessionExpired(1)))
    let empty = ClusterSnapshot()
    #expect(machine.snapshot.sessions().isEmpty && empty.sessions().isEmpty)
  }

  @Test("An unknown session is refused, whatever else is wrong")
  mutating func unknown() {
    #expect(
      machine.refusal(of: stamped(.createDatabase(""), sequence: 1, session: 7))
        == .sessionExpired(7))
  }

  @Test("A batch of a stamp alone is a write like any other")
  mutating func empty() throws {
    let applied = try machine.apply(stamped(sequence: 1))
    #expect(applied.outcomes.isEmpty && !applied.hasChanges)
    #expect(machine.state.wasChanged)
  }
}
