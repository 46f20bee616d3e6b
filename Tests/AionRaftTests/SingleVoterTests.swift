import AionModel
import AionRaft
import Testing

@Suite("A group of one voter")
struct SingleVoterTests {
  private func leader(_ options: RaftOptions = RaftOptions()) throws -> Replica {
    var replica = try Replica(1, members: .voters(1), options: options)
    try replica.core.step(.campaign)
    #expect(replica.settle().isEmpty)
    return replica
  }

  @Test("It elects itself when its vote is durable, and begins its term with an empty entry")
  func electsItself() throws {
    var replica = try Replica(1, members: .voters(1))
    try replica.core.step(.campaign)
    let question = replica.core.takeOutput()
    #expect(replica.core.roleName == .preCandidate)
    replica.core.persisted(through: question.receipt)
    let vote = replica.core.takeOutput()
    #expect(vote.hardState == HardState(term: 1, vote: 1))
    #expect(vote.requiresSync)
    #expect(replica.core.roleName == .candidate)
    replica.core.persisted(through: vote.receipt)
    #expect(replica.core.roleName == .leader)
    #expect(replica.core.takeOutput().entries == [Entry(index: 1, term: 1)])
  }

  @Test("It elects itself by timeout alone")
  func electsItselfByTimeout() throws {
    var replica = try Replica(1, members: .voters(1))
    for _ in 0..<20 {
      try replica.core.step(.tick)
      #expect(replica.settle().isEmpty)
    }
    #expect(replica.core.leader == 1)
  }

  @Test("Checklist 5: a single voter commits and applies only after its own sync")
  func appliesAfterSync() throws {
    var replica = try leader()
    let accepted = try replica.core.propose([.text("a"), .text("b")])
    #expect(accepted == .appended(term: 1, indices: 2..<4, refused: nil))
    let writing = replica.core.takeOutput()
    #expect(writing.entries.map(\.index) == [2, 3])
    #expect(writing.requiresSync)
    #expect(writing.committed.isEmpty)
    #expect(!replica.core.hasOutput)
    #expect(replica.core.committed == 1)
    replica.core.persisted(through: writing.receipt)
    let applying = replica.core.takeOutput()
    #expect(applying.committed.map(\.text) == ["a", "b"])
    #expect(applying.hardState?.commit == 3)
    #expect(!applying.requiresSync)
    replica.core.applied(through: 3)
    #expect(replica.core.applied == 3)
  }

  @Test("Proposals that are made while an output is being written go with the next one")
  func pipelines() throws {
    var replica = try leader()
    try replica.core.propose([.text("a")])
    let first = replica.core.takeOutput()
    try replica.core.propose([.text("b")])
    let second = replica.core.takeOutput()
    #expect(second.entries.map(\.text) == ["b"])
    replica.core.persisted(through: first.receipt)
    #expect(replica.core.committed == 2)
    replica.core.persisted(through: second.receipt)
    #expect(replica.core.committed == 3)
  }

  @Test("A restart applies again what was committed and keeps what was only written")
  func restarts() throws {
    var replica = try leader()
    try replica.core.propose([.text("a")])
    _ = replica.settle()
    try replica.core.propose([.text("b")])
    replica.disk.save(replica.core.takeOutput())
    try replica.restart()
    #expect(replica.core.term == 1)
    #expect(replica.core.committed == 2)
    #expect(replica.core.lastPosition == LogPosition(term: 1, index: 3))
    try replica.core.step(.campaign)
    _ = replica.settle()
    #expect(replica.appliedCommands == ["a", "b"])
    #expect(replica.core.term == 2)
    #expect(replica.core.applied == 4)
  }

  @Test("Checklist 8: a restart with a lower commit index finds the same entries again")
  func restartsWithLowerCommit() throws {
    var replica = try leader()
    try replica.core.propose([.text("a"), .text("b")])
    _ = replica.settle()
    replica.disk.hardState.commit = 1
    try replica.restart()
    try replica.core.step(.campaign)
    _ = replica.settle()
    #expect(replica.appliedCommands == ["a", "b"])
  }

  @Test("A snapshot lets entries be forgotten, and a restart begins behind it")
  func compacts() throws {
    var replica = try leader()
    try replica.core.propose((0..<1000).map { .text("\($0)") })
    _ = replica.settle()
    let position = LogPosition(term: 1, index: 900)
    replica.core.snapshotTaken(
      SnapshotMetadata(position: position, membership: replica.core.membership))
    replica.core.compact(through: 950)
    #expect(replica.core.firstIndex == 901)
    #expect(replica.core.term(at: 900) == 1)
    #expect(replica.core.term(at: 899) == nil)
    #expect(replica.core.entries(0..<2000).count == 101)
    try replica.core.propose([.text("last")])
    _ = replica.settle()

    replica.disk.snapshot = replica.core.snapshot
    replica.disk.entries.removeAll { $0.index <= 900 }
    try replica.restart()
    #expect(replica.core.applied == 900)
    _ = replica.settle()
    #expect(replica.core.applied == 1002)
    #expect(replica.appliedCommands.suffix(2) == ["999", "last"])
  }

  @Test("What is not applied is never forgotten")
  func keepsUnapplied() throws {
    var replica = try leader()
    try replica.core.propose([.text("a")])
    replica.core.snapshotTaken(
      SnapshotMetadata(position: LogPosition(term: 1, index: 2), membership: .voters(1)))
    replica.core.compact(through: 2)
    #expect(replica.core.firstIndex == 1)
  }

  @Test("Proposals are refused without a leader, when empty, and when too much is uncommitted")
  func refusesProposals() throws {
    var follower = try Replica(1, members: .voters(1))
    #expect(throws: RaftRefusal.noLeader(0)) { try follower.core.propose([.text("a")]) }

    var options = RaftOptions()
    options.maximumUncommittedSize = 10
    var replica = try leader(options)
    #expect(throws: RaftRefusal.emptyProposal) { try replica.core.propose([]) }
    try replica.core.propose([.text("more than ten bytes")])
    #expect(throws: RaftRefusal.busy(uncommitted: 19, limit: 10)) {
      try replica.core.propose([.text("a")])
    }
    _ = replica.settle()
    try replica.core.propose([.text("a")])
    try replica.core.propose([.text("123456789")])
    #expect(throws: RaftRefusal.busy(uncommitted: 10, limit: 10)) {
      try replica.core.propose([.text("b")])
    }
  }

  @Test("Growing from one voter to three: the change is in force once it is applied")
  func grows() throws {
    var replica = try leader()
    try replica.core.step(
      .proposeConfiguration(ConfigurationChange(steps: [.addVoter(2)])))
    let messages = replica.settle()
    #expect(replica.core.membership == .voters(1, 2))
    #expect(messages.contains { $0.to == 2 })
  }

  @Test("Starting from damaged state is refused by name")
  func refusesDamage() throws {
    let start = SnapshotMetadata(position: .zero, membership: .voters(1))
    #expect(throws: RaftStartError.commitBeyondLog(commit: 5, last: 0)) {
      try RaftCore(
        id: 1, seed: 1, snapshot: start, hardState: HardState(term: 1, commit: 5))
    }
    let gap = Entry(index: 2, term: 1)
    #expect(throws: RaftStartError.discontinuousEntries(after: .zero, found: gap.position)) {
      try RaftCore(
        id: 1, seed: 1, snapshot: start, hardState: HardState(term: 1), entries: [gap])
    }
    let late = Entry(index: 1, term: 2)
    #expect(throws: RaftStartError.termBehindLog(term: 1, last: late.position)) {
      try RaftCore(
        id: 1, seed: 1, snapshot: start, hardState: HardState(term: 1), entries: [late])
    }
    #expect(throws: RaftStartError.emptyIdentity) {
      try RaftCore(id: 0, seed: 1, snapshot: start)
    }
  }
}
