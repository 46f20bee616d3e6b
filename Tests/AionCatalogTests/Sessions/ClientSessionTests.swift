import AionCatalog
import AionModel
import Testing

@Suite("The client's side of a session")
struct ClientSessionTests {
  var session = ClientSession(id: 7)

  @Test("It is answered below the oldest write that is still open")
  mutating func answeredBelow() throws {
    #expect(session.answeredBelow == 1)
    #expect(try (1...3).map { _ in try session.begin() } == [1, 2, 3])
    #expect(session.stamp(3) == SessionStamp(session: 7, sequence: 3, answeredBelow: 1))
    session.end(2)
    #expect(session.answeredBelow == 1 && session.unansweredCount == 2)
    session.end(1)
    #expect(session.stamp(3).answeredBelow == 3)
    session.end(3)
    session.end(3)
    #expect(session.answeredBelow == 4 && session.unansweredCount == 0)
    #expect(try session.begin() == 4)
  }

  @Test("It begins no more than the state remembers")
  mutating func window() throws {
    for _ in 0..<Limits.unansweredPerSession { _ = try session.begin() }
    let refusal = ClusterError.busy(.queueFull(limit: Limits.unansweredPerSession))
    #expect(throws: refusal) { try session.begin() }
    session.end(2)
    #expect(throws: refusal) { try session.begin() }
    session.end(1)
    #expect(try session.begin() == SequenceNumber(UInt64(Limits.unansweredPerSession + 1)))
    #expect(try session.begin() == SequenceNumber(UInt64(Limits.unansweredPerSession + 2)))
    #expect(throws: refusal) { try session.begin() }
  }

  @Test("Whatever it stamps, the state takes", arguments: 0..<20 as Range<UInt64>)
  func fits(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var session = ClientSession(id: 1)
    var machine = Machine()
    try machine.apply(.openSession)
    var open: [SequenceNumber] = []
    for _ in 0..<500 {
      if Bool.random(using: &generator) || open.isEmpty { open.append(try session.begin()) }
      let place = Int.random(in: 0..<open.count, using: &generator)
      // Sent once or more often before it is answered.
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        try machine.apply(CommandBatch([.beginTxn(.local)], stamp: session.stamp(open[place])))
      }
      if Int.random(in: 0..<3, using: &generator) > 0 { session.end(open.remove(at: place)) }
    }
    let began = machine.snapshot.transactions().count
    #expect(began == session.answeredBelow.rawValue - 1 + kept(machine, session), "seed \(seed)")
  }

  /// How many writes at and above `answeredBelow` took effect.
  private func kept(_ machine: Machine, _ session: ClientSession) -> UInt64 {
    UInt64(machine.snapshot.outcomes(of: 1).count { $0.sequence >= session.answeredBelow })
  }

  @Test("Only what is no answer is sent again")
  func retries() {
    #expect(ClientSession.retry(after: .outcomeUnknown) == .again)
    #expect(ClientSession.retry(after: .busy(.transferringLeadership)) == .again)
    #expect(ClientSession.retry(after: .notLeader(leader: nil, address: nil)) == .elsewhere)
    #expect(ClientSession.retry(after: .sessionExpired(1)) == .inNewSession)
    #expect(ClientSession.retry(after: .databaseExists(name: "a")) == .never)
    #expect(ClientSession.retry(after: .sequenceAnswered(1, 2, answeredBelow: 3)) == .never)
    #expect(
      ClientSession.retry(after: .limitExceeded(.commandsPerBatch, asked: 2, allowed: 1)) == .never)
    #expect(
      ClientSession.retry(after: .limitExceeded(.unansweredPerSession, asked: 2, allowed: 1))
        == .again)
  }
}
