import AionModel
import AionRaft
import Testing

@Suite("Elections")
struct ElectionTests {
  private func ask(
    _ group: inout TestGroup, _ voter: ReplicaID, for candidate: ReplicaID, term: Term,
    last: LogPosition = .zero
  ) throws -> Bool? {
    try group.step(
      voter,
      .message(
        Message(
          from: candidate, to: voter, .vote(term, last: last, committed: .zero, isTransfer: false)))
    )
    let reply = group[voter].settle().last { $0.to == candidate }
    guard case .voteReply(_, let answer)? = reply?.body else { return nil }
    return answer == .granted
  }

  @Test("Checklist 12: logs compare by last term, then by last index")
  func comparesLogs() throws {
    var group = try TestGroup(voters: 3)
    try group.elect(1)
    try group.propose(1, "a")
    group.settle()
    #expect(group[2].core.lastPosition == LogPosition(term: 1, index: 2))
    #expect(try ask(&group, 2, for: 3, term: 2, last: LogPosition(term: 1, index: 1)) == false)
    #expect(try ask(&group, 2, for: 3, term: 3, last: LogPosition(term: 0, index: 9)) == false)
    #expect(try ask(&group, 2, for: 3, term: 4, last: LogPosition(term: 1, index: 2)) == true)
    #expect(try ask(&group, 2, for: 3, term: 5, last: LogPosition(term: 2, index: 1)) == true)
  }

  @Test("Checklist 13: an entry of an old term is not committed by being counted")
  func oldTermsCommitIndirectly() throws {
    var group = try TestGroup(voters: 3)
    try group.elect(1)
    try group.propose(1, "old")
    group.flush(1)
    group.drop { $0.to == 3 }
    group.deliver(to: 2)
    group.flush(2)
    group.drop()
    try group.step(2, .campaign)
    group.flush(2)
    group.deliver(to: 3)
    group.flush(3)
    group.deliver(to: 2)
    #expect(group[2].core.roleName == .leader)
    try group.step(2, .message(Message(from: 3, to: 2, .appendReply(2, .matched(2)))))
    #expect(group[2].core.committed == 1, "entry 2 is on a majority, and of term 1")
    try group.step(2, .message(Message(from: 3, to: 2, .appendReply(2, .matched(3)))))
    group.flush(2)
    #expect(group[2].core.committed == 3)
  }

  @Test("Checklist 14: a new leader's empty entry passes any quota")
  func emptyEntryPassesTheQuota() throws {
    var options = RaftOptions.plain
    options.maximumUncommittedSize = 0
    var group = try TestGroup(voters: 1, options: options)
    try group.elect(1)
    #expect(group[1].core.committed == 1)
  }

  @Test("Checklist 15: a pre-vote changes neither term nor vote, of the asker and of the asked")
  func preVoteChangesNothing() throws {
    var group = try TestGroup(voters: 3, options: .careful)
    try group.step(1, .campaign)
    #expect(group[1].core.hardState == HardState())
    group.flush(1)
    group.deliver(to: 2)
    #expect(group[2].core.hardState == HardState())
    #expect(group[2].settle().map(\.body) == [.preVoteReply(1, .granted)])
  }

  @Test("Checklist 15: late grants of a pre-vote are ignored")
  func lateGrantsAreIgnored() throws {
    var group = try TestGroup(voters: 5, options: .careful)
    try group.step(1, .campaign)
    group.flush(1)
    let grant = { (from: ReplicaID) in Message(from: from, to: 1, .preVoteReply(1, .granted)) }
    try group.step(1, .message(grant(2)))
    try group.step(1, .message(grant(3)))
    #expect(group[1].core.roleName == .candidate)
    #expect(group[1].core.term == 1)
    try group.step(1, .message(grant(4)))
    try group.step(1, .message(grant(5)))
    group.flush(1)
    #expect(group[1].core.roleName == .candidate, "grants of the question are no votes")
  }

  @Test("Checklist 16: a replica whose term ran ahead finds back to the group")
  func higherTermRejoins() throws {
    var options = RaftOptions.plain
    options.checkQuorum = true
    var group = try TestGroup(voters: 3, options: options)
    try group.elect(1)
    group.isolated = [3]
    for _ in 0..<5 { try group.step(3, .campaign) }
    group.settle()
    #expect(group[3].core.term == 6)
    group.isolated = []
    try group.tick(1)
    group.settle()
    #expect(group[1].core.term == 6)
    #expect(group[1].core.roleName == .follower)
    try group.tick(1, 10)
    group.settle()
    let leaders = group.replicas.filter { $0.core.roleName == .leader }
    #expect(leaders.count == 1)
    #expect(Set(group.replicas.map { $0.core.term }).count == 1)
  }

  @Test("Checklist 16: so does a learner, which cannot say so by standing")
  func learnerOfHigherTermRejoins() throws {
    var group = try TestGroup(voters: 3, learners: 1)
    try group.elect(1)
    // A candidate that only the learner hears.
    let asking = Message.Body.vote(6, last: .zero, committed: .zero, isTransfer: false)
    try group.step(4, .message(Message(from: 3, to: 4, asking)))
    group.flush(4)
    group.drop()
    #expect(group[4].core.term == 6)
    try group.propose(1, "a")
    group.settle()
    for _ in 0..<10 {
      for id in [1, 2, 3] as [ReplicaID] { try group.tick(id) }
      group.settle()
    }
    let leader = try #require(group.replicas.first { $0.core.roleName == .leader })
    #expect(leader.core.term > 6)
    try group.propose(leader.id, "b")
    group.settle()
    #expect(group[4].appliedCommands == ["a", "b"])
  }

  @Test(
    "Checklist 16: whom a replica does not know as a voter hears of the higher term",
    arguments: [
      Message.Body.heartbeat(2, commit: .zero, round: nil),
      .vote(2, last: LogPosition(term: 1, index: 9), committed: .zero, isTransfer: false),
    ])
  func unknownVoterHearsOfHigherTerm(_ body: Message.Body) throws {
    var group = try TestGroup(voters: 3)
    let asking = Message.Body.vote(6, last: .zero, committed: .zero, isTransfer: false)
    try group.step(3, .message(Message(from: 2, to: 3, asking)))
    group.flush(3)
    group.drop()
    // Voters hear of it when this one stands; 4 was made a voter since, and would never.
    for sender in [1, 4] as [ReplicaID] {
      try group.step(3, .message(Message(from: sender, to: 3, body)))
    }
    group.flush(3)
    let answers = group.inFlight.filter { $0.from == 3 }
    #expect(answers.map(\.to) == [4])
    #expect(answers.map(\.term) == [6])
  }

  @Test(
    "Checklist 16: a candidate that is refused in a later term stands soon in one later still",
    arguments: 1...7 as ClosedRange<UInt64>)
  func refusedCandidateStandsSoon(number: UInt64) throws {
    // Each draws other chances.
    var group = try TestGroup(voters: 7)
    let id = ReplicaID(number)
    try group.step(id, .campaign)
    group.drop()
    let refusal = Message.Body.voteReply(9, .refused(committed: .zero))
    try group.step(id, .message(Message(from: number == 1 ? 2 : 1, to: id, refusal)))
    #expect(group[id].core.term == 9)
    try group.tick(id, RaftOptions.plain.electionTicks / 3)
    #expect(group[id].core.roleName == .candidate)
    #expect(group[id].core.term == 10)
  }

  @Test("Checklist 17: a vote is not given inside a lease, except for a transfer")
  func leaseHoldsVotesBack() throws {
    var group = try TestGroup(voters: 3, options: .careful)
    try group.elect(1)
    let last = group[2].core.lastPosition
    #expect(try ask(&group, 2, for: 3, term: 2, last: last) == nil)
    #expect(group[2].core.term == 1)
    try group.step(
      2, .message(Message(from: 3, to: 2, .vote(2, last: last, committed: .zero, isTransfer: true)))
    )
    #expect(group[2].core.vote == 3)
    #expect(group[2].core.term == 2)
  }

  @Test("A vote that is refused does not put off the refuser's own stand; one that is granted does")
  func refusalsPutNothingOff() throws {
    for isLonger in [true, false] {
      var group = try TestGroup(voters: 3)
      try group.elect(1)
      if isLonger {
        group.isolated = [3]
        try group.propose(1, "more")
        group.settle()
      }
      group.isolated = [1]
      try group.tick(2, 6)
      try group.step(3, .campaign)
      group.flush(3)
      group.deliver(to: 2)
      #expect(group[2].core.term == 2)
      #expect(group[2].core.vote == (isLonger ? nil : 3))
      try group.tick(2, 4)
      #expect(group[2].core.roleName == (isLonger ? .candidate : .follower))
    }
  }

  @Test("Checklist 18: a learner does not stand, and votes when it is asked")
  func learnersVoteAndDoNotStand() throws {
    var group = try TestGroup(voters: 1, learners: 1)
    #expect(throws: RaftRefusal.notElectable) { try group.step(2, .campaign) }
    try group.tick(2, 100)
    #expect(group[2].core.roleName == .follower)
    #expect(group[2].core.term == 0)
    #expect(try ask(&group, 2, for: 1, term: 1) == true)
  }

  @Test("Checklist 18: a removed replica does not stand")
  func removedDoesNotStand() throws {
    var group = try TestGroup(voters: 2)
    try group.elect(1)
    try group.change(1, .remove(2))
    group.settle()
    try group.tick(1)
    group.settle()
    // The one that is removed is not told by its leader; it learns of it by the entry it applies.
    group[2].core = try RaftCore(
      id: 2, options: .plain, seed: 1,
      snapshot: SnapshotMetadata(
        position: group[1].core.lastPosition, membership: group[1].core.membership))
    #expect(throws: RaftRefusal.notElectable) { try group.step(2, .campaign) }
  }

  @Test("Checklist 19: nobody stands while a committed membership change is unapplied")
  func unappliedChangeHoldsBack() throws {
    var group = try TestGroup(voters: 3)
    try group.elect(1)
    try group.change(1, .addLearner(4))
    group.settle()
    try group[2].restart()
    #expect(throws: RaftRefusal.unappliedConfiguration) { try group.step(2, .campaign) }
    group.flush(2)
    try group.step(2, .campaign)
    #expect(group[2].core.roleName == .candidate)
  }

  @Test("Checklist 19: nobody stands while a snapshot is to be installed")
  func pendingSnapshotHoldsBack() throws {
    var group = try TestGroup(voters: 3)
    let snapshot = SnapshotMetadata(
      position: LogPosition(term: 1, index: 10), membership: .voters(1, 2, 3))
    try group.step(2, .message(Message(from: 1, to: 2, .snapshot(1, snapshot))))
    #expect(throws: RaftRefusal.notElectable) { try group.step(2, .campaign) }
    try group.tick(2, 50)
    #expect(group[2].core.roleName == .follower)
    group.flush(2)
    try group.step(2, .campaign)
    #expect(group[2].core.roleName == .candidate)
  }

  @Test("Checklist 20: a voter counts once, a stranger never")
  func votesCountOnce() throws {
    var group = try TestGroup(voters: 5)
    try group.step(1, .campaign)
    group.flush(1)
    let vote = { (from: ReplicaID) in Message(from: from, to: 1, .voteReply(1, .granted)) }
    try group.step(1, .message(vote(2)))
    try group.step(1, .message(vote(2)))
    #expect(group[1].core.roleName == .candidate)
    #expect(throws: RaftRefusal.unknownReplica(9)) { try group.step(1, .message(vote(9))) }
    #expect(group[1].core.roleName == .candidate)
    try group.step(1, .message(vote(3)))
    #expect(group[1].core.roleName == .leader)
  }

  @Test("Checklist 20: a refusal that is followed by a grant of the same voter stays a refusal")
  func firstAnswerCounts() throws {
    var group = try TestGroup(voters: 3)
    try group.step(1, .campaign)
    group.flush(1)
    try group.step(1, .message(Message(from: 2, to: 1, .voteReply(1, .refused(committed: .zero)))))
    try group.step(1, .message(Message(from: 2, to: 1, .voteReply(1, .granted))))
    #expect(group[1].core.roleName == .candidate)
  }

  @Test("Checklist 22: a lone voter with learners elects itself and answers a learner's read")
  func loneVoterWithLearners() throws {
    var group = try TestGroup(voters: 1, learners: 2)
    try group.elect(1)
    try group.propose(1, "a")
    group.settle()
    try group.step(3, .readIndex(8))
    group.settle()
    #expect(group[3].reads == [Output.SafeRead(read: 8, index: 2)])
    #expect(group[3].appliedCommands == ["a"])
  }

  @Test("Checklist 23: the timeout is drawn anew at each change of role, from the seed alone")
  func timeoutsComeFromTheSeed() throws {
    func delays(seed: UInt64) throws -> [Int] {
      var options = RaftOptions.plain
      options.electionJitterTicks = 100
      var replica = try Replica(1, members: .voters(1, 2, 3), options: options, seed: seed)
      return try (0..<10).map { _ in
        let term = replica.core.term
        var ticks = 0
        while replica.core.term == term {
          try replica.core.step(.tick)
          ticks += 1
        }
        _ = replica.settle()
        return ticks
      }
    }
    let first = try delays(seed: 1)
    #expect(try delays(seed: 1) == first)
    #expect(try delays(seed: 2) != first)
    #expect(Set(first).count > 5)
    #expect(first.allSatisfy { (10..<110).contains($0) })
  }

  @Test("Checklist 24: a removed replica that campaigns for ever changes nobody's term")
  func removedReplicaDoesNotDisturb() throws {
    var group = try TestGroup(voters: 3, options: .careful)
    try group.elect(1)
    group.isolated = [3]
    try group.change(1, .remove(3))
    group.settle()
    group.isolated = []
    for _ in 0..<20 {
      try group.tick(3, 10)
      try group.tick(1)
      try group.tick(2)
      group.settle()
    }
    #expect(group[1].core.roleName == .leader)
    #expect(group[1].core.term == 1)
    #expect(group[2].core.leader == 1)
  }

  @Test("A replica votes for one candidate in a term, and again for the same")
  func oneVoteInATerm() throws {
    var group = try TestGroup(voters: 3)
    #expect(try ask(&group, 2, for: 1, term: 1) == true)
    #expect(try ask(&group, 2, for: 3, term: 1) == false)
    #expect(try ask(&group, 2, for: 1, term: 1) == true)
  }

  @Test("Raft §5.2: a candidate that hears from a leader of its term follows it")
  func candidateFollows() throws {
    var group = try TestGroup(voters: 3)
    try group.step(1, .campaign)
    group.flush(1)
    try group.step(1, .message(Message(from: 2, to: 1, .heartbeat(1, commit: 0, round: nil))))
    #expect(group[1].core.leader == 2)
    #expect(group[1].core.vote == 1)
  }

  @Test("Raft §5.2: a split vote costs a term, and the next election decides")
  func splitVote() throws {
    var group = try TestGroup(voters: 4)
    try group.step(1, .campaign)
    try group.step(2, .campaign)
    group.flush(1)
    group.flush(2)
    group.drop { ($0.from == 1 && $0.to == 4) || ($0.from == 2 && $0.to == 3) }
    group.settle()
    #expect(group.replicas.allSatisfy { $0.core.roleName != .leader && $0.core.term == 1 })
    try group.elect(3)
    #expect(group[3].core.term == 2)
  }

  @Test("The largest term there is ends campaigns, not the process")
  func termsRunOut() throws {
    var group = try TestGroup(voters: 3)
    let message = Message(
      from: 2, to: 1, .heartbeat(Term(UInt64.max), commit: 0, round: nil))
    try group.step(1, .message(message))
    #expect(group[1].core.term == Term(UInt64.max))
    #expect(throws: RaftRefusal.termsExhausted) { try group.step(1, .campaign) }
    try group.tick(1, 30)
    #expect(group[1].core.roleName == .follower)
  }
}
