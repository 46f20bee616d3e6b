import AionModel
import AionRaft
import Testing

/// What the Raft paper claims and no other suite says; Docs/RaftClaims.md lists all claims.
@Suite("What Raft claims")
struct ClaimTests {
  // MARK: - Terms

  @Test("Raft §5.1: whoever hears of a higher term takes it over and follows")
  func higherTermsSpread() throws {
    for role in [RoleName.follower, .candidate, .leader] {
      var group = try TestGroup(voters: 3)
      switch role {
      case .leader: try group.elect(1)
      case .candidate:
        group.isolated = [2, 3]
        try group.step(1, .campaign)
        group.flush(1)
      default: break
      }
      #expect(group[1].core.roleName == role)
      let reply = Message(from: 2, to: 1, .appendReply(7, .matched(0)))
      try group.step(1, .message(reply))
      #expect(group[1].core.term == 7)
      #expect(group[1].core.roleName == .follower)
      #expect(group[1].core.vote == nil)
      #expect(group[1].core.leader == nil)
    }
  }

  @Test("Raft §5.1: a request of an old term changes nothing, whatever it asks")
  func oldTermsAreRefused() throws {
    var group = try TestGroup(voters: 3, options: .careful)
    try group.elect(1)
    group.isolated = [1]
    try group.tick(2, 10)
    group[3].core.setElectionTimeout(ticks: 20)
    try group.tick(3, 10)
    group.settle()
    #expect(group[2].core.roleName == .leader)
    let before = group[3].core.status
    let last = group[3].core.lastPosition
    let bodies: [Message.Body] = [
      .append(1, previous: LogPosition(term: 1, index: 1), entries: [], commit: 1),
      .append(
        1, previous: LogPosition(term: 1, index: 1), entries: [Entry(index: 2, term: 1)], commit: 2
      ),
      .heartbeat(1, commit: 1, round: nil), .timeoutNow(1),
      .vote(1, last: last, committed: last, isTransfer: true),
      .preVote(1, last: last, committed: last),
      .snapshot(
        1,
        SnapshotMetadata(position: LogPosition(term: 1, index: 9), membership: .voters(1, 2, 3))),
    ]
    for body in bodies {
      try group.step(3, .message(Message(from: 1, to: 3, body)))
      #expect(group[3].core.status == before, "\(body)")
      let answers = group[3].settle()
      #expect(answers.allSatisfy { $0.term == 2 }, "whoever is answered learns the term")
    }
  }

  // MARK: - Elections

  @Test("Raft §5.2: a replica follows as long as it hears from a leader or gives its vote")
  func contactKeepsFollowing() throws {
    var group = try TestGroup(voters: 3)
    for round in 0..<5 {
      try group.tick(2, 9)
      #expect(group[2].core.roleName == .follower, "round \(round)")
      let heartbeat = Message(from: 1, to: 2, .heartbeat(1, commit: 0, round: nil))
      try group.step(2, .message(heartbeat))
    }
    try group.tick(2, 9)
    let asking = Message.Body.vote(2, last: .zero, committed: .zero, isTransfer: false)
    try group.step(2, .message(Message(from: 3, to: 2, asking)))
    try group.tick(2, 9)
    #expect(group[2].core.roleName == .follower)
    try group.tick(2)
    #expect(group[2].core.roleName == .candidate)
  }

  @Test("Raft §5.2: a vote that is refused does not keep a replica from standing")
  func refusedVotesResetNothing() throws {
    var group = try TestGroup(voters: 3)
    try group.elect(1)
    try group.tick(2, 9)
    let same = Message.Body.vote(1, last: .zero, committed: .zero, isTransfer: false)
    try group.step(2, .message(Message(from: 3, to: 2, same)))
    try group.tick(2)
    #expect(group[2].core.roleName == .candidate)
  }

  @Test("Raft §5.2: whoever stands begins a term, votes for itself and asks all other voters")
  func standing() throws {
    var group = try TestGroup(voters: 3, learners: 1)
    try group.tick(2, 10)
    let output = group[2].core.takeOutput()
    #expect(output.hardState == HardState(term: 1, vote: 2))
    let asking = Message.Body.vote(1, last: .zero, committed: .zero, isTransfer: false)
    #expect(
      output.messagesAfterSync == [
        Message(from: 2, to: 1, asking), Message(from: 2, to: 3, asking),
      ])
  }

  @Test("Raft §5.2: a new leader makes itself known at once, to every member")
  func leadersAnnounceThemselves() throws {
    var group = try TestGroup(voters: 3, learners: 1)
    try group.step(1, .campaign)
    group.flush(1)
    group.deliver(to: 2)
    group.flush(2)
    group.deliver(to: 1)
    let output = group[1].core.takeOutput()
    #expect(output.messages.filter(\.isAppend).map(\.to) == [2, 3, 4])
  }

  @Test("Raft §5.2: a candidate that hears from a leader of an old term goes on standing")
  func candidatesIgnoreOldLeaders() throws {
    var group = try TestGroup(voters: 3)
    try group.elect(1)
    group.isolated = [1, 3]
    try group.step(2, .campaign)
    group.flush(2)
    let old = Message(
      from: 1, to: 2,
      .append(1, previous: LogPosition(term: 1, index: 1), entries: [], commit: 1))
    try group.step(2, .message(old))
    #expect(group[2].core.roleName == .candidate)
    #expect(group[2].core.term == 2)
  }

  @Test("Raft §5.2: timeouts differ, so that split votes end", arguments: UInt64(1)...20)
  func splitVotesEnd(seed: UInt64) throws {
    var options = RaftOptions.plain
    options.electionJitterTicks = 10
    var group = try TestGroup(voters: 5, options: options)
    for place in group.replicas.indices {
      group.replicas[place] = try Replica(
        ReplicaID(UInt64(place + 1)), members: group.replicas[place].core.membership,
        options: options, seed: seed * 100 + UInt64(place))
      // All stand at once, and each votes for itself.
      group.replicas[place].core.setElectionTimeout(ticks: 10)
    }
    var ticks = 0
    while !group.replicas.contains(where: { $0.core.roleName == .leader }), ticks < 200 {
      for replica in group.replicas { try group.tick(replica.id) }
      group.settle()
      ticks += 1
    }
    #expect(ticks < 200, "seed \(seed): nobody leads after \(ticks) ticks")
    #expect(group[1].core.term > 1, "seed \(seed): the first election is split")
  }

  @Test("Raft figure 2: term, vote and log outlive a restart, and nothing else has to")
  func persistentState() throws {
    var group = try TestGroup(voters: 3)
    try group.elect(1)
    try group.propose(1, "a")
    group.settle()
    let asking = Message.Body.vote(
      4, last: group[2].core.lastPosition, committed: .zero, isTransfer: false)
    try group.step(2, .message(Message(from: 3, to: 2, asking)))
    _ = group[2].settle()
    try group[2].restart()
    #expect(group[2].core.term == 4)
    #expect(group[2].core.vote == 3)
    #expect(group[2].core.lastPosition == LogPosition(term: 1, index: 2))
    #expect(group[2].core.roleName == .follower)
    #expect(group[2].core.leader == nil)
    let other = Message.Body.vote(
      4, last: LogPosition(term: 3, index: 9), committed: .zero, isTransfer: false)
    try group.step(2, .message(Message(from: 1, to: 2, other)))
    #expect(group[2].core.vote == 3, "one vote in a term, a crash in between or not")
  }

  // MARK: - Replication

  @Test("Raft §5.3: a majority is enough; a slow follower slows nobody, and is served for ever")
  func slowFollowers() throws {
    var group = try TestGroup(voters: 3)
    try group.elect(1)
    group.isolated = [3]
    for number in 1...20 {
      try group.propose(1, "\(number)")
      group.settle()
      #expect(group[1].core.committed == group[1].core.lastPosition.index)
      try group.tick(1)
    }
    group.isolated = []
    try group.tick(1)
    group.settle()
    #expect(group[3].appliedCommands == (1...20).map { "\($0)" })
  }

  @Test("Raft §5.3: a leader never overwrites or deletes entries of its own log")
  func leadersOnlyAppend() throws {
    var group = try TestGroup(voters: 3)
    try group.elect(1)
    try group.propose(1, "a", "b")
    group.settle()
    let before = group[1].core.entries(1..<4)
    let bodies: [Message.Body] = [
      .append(
        1, previous: LogPosition(term: 1, index: 1), entries: [Entry(index: 2, term: 1)], commit: 2
      ),
      .appendReply(1, .rejected(index: 3, hint: 0, hintTerm: nil)),
      .snapshot(
        1,
        SnapshotMetadata(position: LogPosition(term: 1, index: 9), membership: .voters(1, 2, 3))),
    ]
    for body in bodies {
      try? group.step(1, .message(Message(from: 2, to: 1, body)))
      #expect(group[1].core.entries(1..<4) == before, "\(body)")
      #expect(group[1].core.roleName == .leader)
    }
  }

  @Test("Raft §5.3: entries are applied in the order of the log, each once, after its commit")
  func appliesInOrder() throws {
    var group = try TestGroup(voters: 3)
    try group.elect(1)
    for number in 1...5 { try group.propose(1, "\(number)") }
    let writing = group[1].core.takeOutput()
    #expect(!writing.committed.contains { $0.index > 1 })
    group.inFlight += group[1].complete(writing)
    group.settle()
    for id: ReplicaID in [1, 2, 3] {
      #expect(group[id].appliedEntries.map(\.index) == Array(LogIndex(1)..<7))
    }
  }

  @Test("Raft §5.5: a request that is repeated after a crash changes nothing")
  func requestsMayBeRepeated() throws {
    var group = try TestGroup(voters: 3)
    try group.elect(1)
    try group.propose(1, "a", "b")
    group.flush(1)
    let append = try #require(group.inFlight.last { $0.to == 2 && $0.isAppend })
    group.settle()
    let log = group.terms(2)
    try group.step(2, .message(append))
    let answers = group[2].settle()
    try group[2].restart()
    try group.step(2, .message(append))
    #expect(group[2].settle().map(\.body) == answers.map(\.body))
    #expect(group.terms(2) == log)
  }

  // MARK: - Membership

  @Test("Raft §6: while joint, entries go to the members of both configurations")
  func jointReplicatesToBoth() throws {
    var group = try joint()
    try group.propose(1, "x")
    let output = group[1].core.takeOutput()
    #expect(Set(output.messages.filter(\.isAppend).map(\.to)) == [2, 3, 4, 5])
  }

  @Test("Raft §6: while joint, a voter of either configuration may lead")
  func eitherSideMayLead() throws {
    for candidate: ReplicaID in [2, 4] {
      var group = try joint()
      try group.elect(candidate)
      try group.propose(candidate, "x")
      group.settle()
      #expect(group[candidate].core.committed == group[candidate].core.lastPosition.index)
      #expect(group[candidate].core.membership.isVoter(candidate))
    }
  }

  /// From 1, 2, 3 to 1, 4, 5, everyone up to date.
  private func joint() throws -> TestGroup {
    var group = try TestGroup(voters: 3, strangers: 2)
    try group.elect(1)
    try group.change(
      1, .remove(2), .remove(3), .addVoter(4), .addVoter(5), transition: .explicit)
    group.settle()
    try group.tick(1)
    group.settle()
    #expect(group.replicas.allSatisfy { $0.core.membership.isJoint })
    return group
  }

  @Test("Raft §6: a new member holds up no commit while it catches up as a learner")
  func learnersHoldUpNothing() throws {
    var group = try TestGroup(voters: 3)
    try group.elect(1)
    // Nobody is there yet.
    try group.change(1, .addLearner(4), .addLearner(5), transition: .automatic)
    group.settle()
    #expect(group[1].core.membership == Membership(voters: [1, 2, 3], learners: [4, 5]))
    try group.propose(1, "a")
    group.settle()
    #expect(group[2].appliedCommands == ["a"])
  }

  @Test("Thesis §4.2.2: until its removal is committed, a removed leader manages the group")
  func removedLeaderManages() throws {
    var group = try TestGroup(voters: 3)
    try group.elect(1)
    group.isolated = [2, 3]
    try group.change(1, .remove(1))
    try group.propose(1, "after")
    group.settle()
    #expect(group[1].core.roleName == .leader)
    group.isolated = []
    try group.tick(1)
    group.settle()
    #expect(group[1].core.roleName == .follower)
    #expect(group[2].appliedCommands == ["after"])
    #expect(group.replicas.contains { $0.id != 1 && $0.core.roleName == .leader })
  }

  // MARK: - PreVote

  @Test("Thesis §9.6: whoever has more, or hears from a leader, grants no pre-vote")
  func preVotesAreRefused() throws {
    var group = try TestGroup(voters: 3, options: .careful)
    try group.elect(1)
    group.isolated = [3]
    try group.propose(1, "a")
    group.settle()
    let lacking = Message.Body.preVote(2, last: LogPosition(term: 1, index: 1), committed: .zero)
    try group.step(2, .message(Message(from: 3, to: 2, lacking)))
    #expect(group[2].settle().isEmpty, "it hears from its leader")
    group[2].core.setElectionTimeout(ticks: 20)
    try group.tick(2, 10)
    try group.step(2, .message(Message(from: 3, to: 2, lacking)))
    let committed = LogPosition(term: 1, index: 2)
    #expect(
      group[2].settle().map(\.body) == [.preVoteReply(1, .refused(committed: committed))])
    let equal = Message.Body.preVote(2, last: committed, committed: .zero)
    try group.step(2, .message(Message(from: 3, to: 2, equal)))
    #expect(group[2].settle().map(\.body) == [.preVoteReply(2, .granted)])
  }

  @Test("Thesis §9.6: pre-votes promise nothing: many may be granted, and a vote after them")
  func preVotesPromiseNothing() throws {
    var group = try TestGroup(voters: 3, options: .careful)
    let asking = Message.Body.preVote(1, last: .zero, committed: .zero)
    for candidate: ReplicaID in [1, 3, 1] {
      try group.step(2, .message(Message(from: candidate, to: 2, asking)))
      #expect(group[2].settle().map(\.body) == [.preVoteReply(1, .granted)])
    }
    let vote = Message.Body.vote(1, last: .zero, committed: .zero, isTransfer: false)
    try group.step(2, .message(Message(from: 3, to: 2, vote)))
    #expect(group[2].settle().map(\.body) == [.voteReply(1, .granted)])
  }

  @Test("Thesis §9.6: a term is begun only once a majority would vote")
  func termsBeginWithAMajority() throws {
    var group = try TestGroup(voters: 5, options: .careful)
    group.isolated = [2, 3, 4]
    for _ in 0..<10 {
      try group.tick(1, 10)
      group.settle()
    }
    #expect(group[1].core.term == 0)
    group.isolated = [2, 3]
    try group.tick(1, 10)
    group.settle()
    #expect(group[1].core.term == 1)
    #expect(group[1].core.roleName == .leader)
  }
}
