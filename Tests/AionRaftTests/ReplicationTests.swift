import AionModel
import AionRaft
import Testing

@Suite("Replication")
struct ReplicationTests {
  private func append(
    _ entries: [Entry], after previous: LogPosition, term: Term, commit: LogIndex = 0
  ) -> Message {
    Message(
      from: 1, to: 2, .append(term, previous: previous, entries: entries, commit: commit))
  }

  private func entries(_ terms: [UInt64], from first: LogIndex = 1) -> [Entry] {
    terms.enumerated().map { place, term in
      Entry(index: first.advanced(by: place), term: Term(term))
    }
  }

  @Test("Checklist 25: a duplicated append never truncates a matching suffix")
  func duplicatesTruncateNothing() throws {
    var group = try TestGroup(voters: 3)
    let early = append(entries([1]), after: .zero, term: 1)
    try group.step(2, .message(append(entries([1, 1, 1]), after: .zero, term: 1)))
    group.flush(2)
    group.drop()
    try group.step(2, .message(early))
    #expect(group[2].core.lastPosition.index == 3)
    group.flush(2)
    #expect(group.inFlight.map(\.body) == [.appendReply(1, .matched(1))])
    #expect(group[2].disk.entries.count == 3)
  }

  @Test("Raft §5.3: what conflicts is replaced, what agrees before it is kept")
  func conflictsAreReplaced() throws {
    var group = try TestGroup(voters: 3)
    try group.step(2, .message(append(entries([1, 1, 2, 2]), after: .zero, term: 2)))
    group.flush(2)
    let previous = LogPosition(term: 1, index: 2)
    try group.step(2, .message(append(entries([3], from: 3), after: previous, term: 3)))
    group.flush(2)
    #expect(group.terms(2) == [1, 1, 3])
    #expect(group[2].disk.entries.map(\.term) == [1, 1, 3])
  }

  @Test("Checklist 26: an append that conflicts below the commit index is refused, loudly")
  func committedIsNeverReplaced() throws {
    var group = try TestGroup(voters: 3)
    try group.step(2, .message(append(entries([1, 1, 1]), after: .zero, term: 1, commit: 2)))
    group.flush(2)
    group.drop()
    let others = [
      append(entries([2], from: 2), after: LogPosition(term: 1, index: 1), term: 2),
      append([], after: LogPosition(term: 2, index: 1), term: 2),
    ]
    for (other, index) in zip(others, [LogIndex(2), 1]) {
      #expect(throws: RaftRefusal.conflictsWithCommitted(index: index, committed: 2)) {
        try group.step(2, .message(other))
      }
      group.flush(2)
      #expect(group.terms(2) == [1, 1, 1])
      #expect(group.inFlight.isEmpty, "nothing is acknowledged")
    }
  }

  @Test("Checklist 26: a wiped replica under its old id refuses the leader's count of it")
  func wipedReplicaIsRecognised() throws {
    var group = try TestGroup(voters: 3)
    try group.elect(1)
    try group.propose(1, "a")
    group.settle()
    group[2] = try Replica(2, members: .voters(1, 2, 3), options: .plain)
    try group.tick(1)
    group.settle()
    #expect(group.refusals == [.acknowledgedEntriesLost(last: 0, leaderCounts: 2)])
    try group.propose(1, "b")
    group.settle()
    #expect(group[1].core.committed == 3, "the leader goes on with the others")
    #expect(group[2].core.lastPosition == .zero)
  }

  @Test("Checklist 27: an append from below the commit index is answered with the commit index")
  func appendBelowCommit() throws {
    var group = try TestGroup(voters: 3)
    try group.step(2, .message(append(entries([1, 1, 1]), after: .zero, term: 1, commit: 3)))
    group.flush(2)
    group.drop()
    let old = append(entries([1], from: 2), after: LogPosition(term: 1, index: 1), term: 1)
    try group.step(2, .message(old))
    group.flush(2)
    #expect(group.inFlight.map(\.body) == [.appendReply(1, .matched(3))])
  }

  @Test("Checklist 28: a heartbeat's commit never exceeds what the follower has")
  func heartbeatCommitIsBounded() throws {
    var group = try TestGroup(voters: 3)
    try group.elect(1)
    group.isolated = [3]
    try group.propose(1, "a", "b")
    group.settle()
    try group.tick(1)
    group.flush(1)
    let commits = group.inFlight.compactMap { message -> LogIndex? in
      guard case .heartbeat(_, let commit, _) = message.body else { return nil }
      return commit
    }
    #expect(commits == [3, 1])
  }

  @Test("Checklist 29: a stale refusal moves nothing")
  func staleRefusals() throws {
    var group = try TestGroup(voters: 3)
    try group.elect(1)
    try group.propose(1, "a", "b")
    group.settle()
    let before = try group.member(2, by: 1)
    for index in LogIndex(0)..<4 {
      let stale = Message(
        from: 2, to: 1, .appendReply(1, .rejected(index: index, hint: 0, hintTerm: nil)))
      try group.step(1, .message(stale))
      #expect(try group.member(2, by: 1) == before)
      #expect(!group[1].core.hasOutput)
    }
  }

  @Test(
    "Checklist 30: a conflict costs at most one round per term, over many entries too",
    arguments: [1, 2, 5])
  func conflictsCostARoundPerTerm(terms: Int) throws {
    let members = Membership.voters(1, 2)
    let start = SnapshotMetadata(position: .zero, membership: members)
    let length = 50_000
    func log(_ term: (Int) -> Int) -> [Entry] {
      (1...length).map { Entry(index: LogIndex(UInt64($0)), term: Term(UInt64(term($0)))) }
    }
    // After a common first entry, the leader's terms are odd and the follower's are even.
    let leaderLog = log { $0 == 1 ? 1 : 1 + 2 * (1 + ($0 - 2) * terms / length) }
    let followerLog = log { $0 == 1 ? 1 : 2 * (1 + ($0 - 2) * terms / length) }
    var group = try TestGroup(voters: 2)
    for (id, entries) in [(ReplicaID(1), leaderLog), (2, followerLog)] {
      let hard = HardState(term: 100, vote: nil, commit: 1)
      group[id].disk = Replica.Disk(hardState: hard, snapshot: start, entries: entries)
      try group[id].restart()
    }
    try group.step(1, .campaign)
    var rounds = 0
    while try rounds == 0 || !isReplicating(group) {
      group.flush(1)
      group.deliver(to: 2)
      group.flush(2)
      group.deliver(to: 1)
      rounds += 1
      try #require(rounds < 100)
    }
    group.settle()
    #expect(rounds <= 3 + terms, "\(rounds) rounds for \(terms) terms")
    #expect(group[2].core.lastPosition == group[1].core.lastPosition)
    #expect(group.terms(1) == group.terms(2))
  }

  private func isReplicating(_ group: TestGroup) throws -> Bool {
    guard group[1].core.roleName == .leader else { return false }
    return try group.member(2, by: 1).phase == .replicating
  }

  @Test("Checklist 31: unreachable means probing, and a heartbeat reply ends it")
  func unreachableIsProbed() throws {
    var group = try TestGroup(voters: 3)
    try group.elect(1)
    try group.step(1, .unreachable(2))
    #expect(try group.member(2, by: 1).phase == .probing)
    try group.tick(1)
    group.settle()
    #expect(try group.member(2, by: 1).phase == .replicating)
  }

  @Test("Checklist 32: a window that was lost as a whole is opened by a heartbeat")
  func lostWindowRecovers() throws {
    var options = RaftOptions.plain
    options.maximumInflightMessages = 2
    var group = try TestGroup(voters: 3, options: options)
    try group.elect(1)
    for text in ["a", "b", "c", "d"] { try group.propose(1, text) }
    group.flush(1)
    #expect(group.inFlight.filter { $0.to == 3 }.flatMap(\.appendedEntries).count == 2)
    group.drop { $0.to == 3 }
    group.settle()
    #expect(group[3].core.lastPosition.index == 1)
    #expect(try group.member(3, by: 1).isWindowFull)
    try group.tick(1)
    group.settle()
    #expect(group[3].appliedCommands == ["a", "b", "c", "d"])
  }

  @Test("The window is limited in bytes as well")
  func windowLimitsBytes() throws {
    var options = RaftOptions.plain
    options.maximumMessageSize = 1
    options.maximumInflightSize = 10
    var group = try TestGroup(voters: 2, options: options)
    try group.elect(1)
    for text in ["1234", "5678", "9012", "3456"] { try group.propose(1, text) }
    group.flush(1)
    #expect(group.inFlight.flatMap(\.appendedEntries).count == 3, "10 bytes are reached by three")
    group.settle()
    #expect(group[2].appliedCommands.count == 4)
  }

  @Test("Checklist 33: a single entry above the message limit still goes")
  func largeEntryGoes() throws {
    var options = RaftOptions.plain
    options.maximumMessageSize = 10
    options.maximumApplyingSize = 10
    var group = try TestGroup(voters: 3, options: options)
    try group.elect(1)
    let large = String(repeating: "x", count: 1_000)
    try group.propose(1, "a", large, "b")
    group.settle()
    #expect(group[3].appliedCommands == ["a", large, "b"])
  }

  @Test("Checklist 34: the quota is released when entries are applied, and reset with the leader")
  func quotaIsReleased() throws {
    var options = RaftOptions.plain
    options.maximumUncommittedSize = 4
    var group = try TestGroup(voters: 3, options: options)
    try group.elect(1)
    group.isolated = [1]
    try group.propose(1, "1234")
    #expect(throws: RaftRefusal.busy(uncommitted: 4, limit: 4)) { try group.propose(1, "5") }
    group.settle()
    try group.elect(2)
    try group.propose(2, "1234")
    group.settle()
    #expect(group[2].core.status.uncommittedSize == 0)
    group.isolated = []
    try group.tick(2)
    group.settle()
    try group.elect(1)
    #expect(group[1].core.status.uncommittedSize == 0)
    try group.propose(1, "1234")
  }

  @Test("Checklist 36: a follower commits up to what the append reached, not beyond")
  func commitsWhatItHas() throws {
    var group = try TestGroup(voters: 3)
    try group.step(2, .message(append(entries([1, 1]), after: .zero, term: 1, commit: 9)))
    #expect(group[2].core.committed == 2)
    try group.step(
      2,
      .message(
        append(entries([1, 1], from: 3), after: LogPosition(term: 1, index: 2), term: 1, commit: 3))
    )
    #expect(group[2].core.committed == 3)
  }

  @Test("Raft §5.3: two logs that agree at an entry agree before it")
  func logsMatch() throws {
    var group = try TestGroup(voters: 5)
    for round in 0..<6 {
      let leader = ReplicaID(UInt64(round % 5) + 1)
      group.isolated = []
      for replica in group.replicas { try group.tick(replica.id) }
      group.settle()
      if group[leader].core.roleName != .leader { try group.elect(leader) }
      group.isolated = [ReplicaID(UInt64((round + 2) % 5) + 1)]
      try group.propose(leader, "\(round)a", "\(round)b")
      group.settle()
    }
    group.isolated = []
    for replica in group.replicas { try group.tick(replica.id) }
    group.settle()
    for replica in group.replicas {
      #expect(group.terms(replica.id) == group.terms(1))
      #expect(replica.appliedCommands == group[1].appliedCommands)
    }
  }

  private func snapshot(at position: LogPosition) -> Message {
    Message(
      from: 1, to: 2,
      .snapshot(1, SnapshotMetadata(position: position, membership: .voters(1, 2, 3))))
  }

  @Test("Malformed messages are refused and change nothing")
  func malformedMessages() throws {
    var group = try TestGroup(voters: 3)
    try group.elect(1)
    let before = group[2].core
    let bad: [Message] = [
      append([Entry(index: 5, term: 1)], after: LogPosition(term: 1, index: 1), term: 1),
      append([Entry(index: 2, term: 9)], after: LogPosition(term: 1, index: 1), term: 1),
      append([], after: LogPosition(term: 1, index: LogIndex(UInt64.max)), term: 1),
      Message(from: 1, to: 3, .heartbeat(1, commit: 0, round: nil)),
      Message(from: 1, to: 2, .heartbeat(0, commit: 0, round: nil)),
      Message(from: 0, to: 2, .heartbeat(1, commit: 0, round: nil)),
      Message(from: 1, to: 2, .propose([])),
      Message(from: 2, to: 2, .heartbeat(1, commit: 0, round: nil)),
      snapshot(at: LogPosition(term: 1, index: LogIndex(UInt64.max))),
      snapshot(at: LogPosition(term: 2, index: 9)),
    ]
    for message in bad {
      #expect(throws: RaftRefusal.self, "\(message)") { try group.step(2, .message(message)) }
      #expect(group[2].core == before)
    }
    let leader = group[1].core
    #expect(throws: RaftRefusal.self) {
      try group.step(1, .message(Message(from: 2, to: 1, .appendReply(1, .matched(99)))))
    }
    #expect(group[1].core == leader)
  }

  @Test("A proposer learns its indices, and by the term of what is applied whether it was replaced")
  func proposersLearnTheirIndices() throws {
    var group = try TestGroup(voters: 3)
    try group.elect(1)
    #expect(
      try group.propose(1, "a", "b") == .appended(term: 1, indices: 2..<4, refused: nil))
    group.settle()
    group.isolated = [1]
    #expect(try group.propose(1, "lost") == .appended(term: 1, indices: 4..<5, refused: nil))
    group.settle()
    try group.elect(2)
    #expect(try group.propose(3, "c") == .forwarded(to: 2))
    group.settle()
    group.isolated = []
    try group.tick(2)
    group.settle()
    #expect(group[1].appliedEntries.first { $0.index == 4 }?.term == 2)
    #expect(group[1].appliedCommands == ["a", "b", "c"])
  }

  @Test("Forwarding can be turned off: the refusal names the leader")
  func refusalNamesTheLeader() throws {
    var options = RaftOptions.plain
    options.forwardsProposals = false
    var group = try TestGroup(voters: 3, options: options)
    try group.elect(1)
    #expect(throws: RaftRefusal.notLeader(leader: 1)) { try group.propose(2, "a") }
  }
}
