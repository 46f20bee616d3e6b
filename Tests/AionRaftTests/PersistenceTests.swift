import AionModel
import AionRaft
import Testing

@Suite("What is durable before what is said")
struct PersistenceTests {
  @Test(
    "Checklist 1: votes and append replies, refusals too, wait for the sync; so do vote requests")
  func repliesWaitForTheSync() throws {
    var group = try TestGroup(voters: 3)
    try group.step(1, .campaign)
    let asking = group[1].core.takeOutput()
    #expect(asking.messages.isEmpty)
    #expect(asking.messagesAfterSync.map(\.to) == [2, 3])
    try group.step(2, .message(asking.messagesAfterSync[0]))
    let voting = group[2].core.takeOutput()
    #expect(voting.requiresSync)
    #expect(voting.hardState == HardState(term: 1, vote: 1))
    #expect(voting.messages.isEmpty)
    #expect(voting.messagesAfterSync.map(\.isVoteReply) == [true])
    let stale = Message(from: 3, to: 2, .vote(1, last: .zero, committed: .zero, isTransfer: false))
    try group.step(2, .message(stale))
    let refusing = group[2].core.takeOutput()
    #expect(refusing.messages.isEmpty)
    #expect(refusing.messagesAfterSync.map(\.body) == [.voteReply(1, .refused(committed: .zero))])
  }

  @Test("Checklist 2: term and vote come as one record")
  func termAndVoteAreOne() throws {
    var group = try TestGroup(voters: 3)
    try group.step(
      2,
      .message(Message(from: 1, to: 2, .vote(7, last: .zero, committed: .zero, isTransfer: false))))
    #expect(group[2].core.takeOutput().hardState == HardState(term: 7, vote: 1))
  }

  @Test("Checklist 3: stepping down within a term keeps the vote")
  func steppingDownKeepsTheVote() throws {
    var options = RaftOptions.plain
    options.checkQuorum = true
    var group = try TestGroup(voters: 3, options: options)
    try group.elect(1)
    try group.tick(1, 20)
    #expect(group[1].core.roleName == .follower)
    #expect(group[1].core.term == 1)
    #expect(group[1].core.vote == 1)
  }

  @Test("Checklist 4: an append is acknowledged with the output that saves it, not before")
  func acknowledgesAfterSaving() throws {
    var group = try TestGroup(voters: 3)
    try group.elect(1)
    try group.propose(1, "a")
    group.flush(1)
    group.deliver(to: 2)
    let output = group[2].core.takeOutput()
    #expect(output.requiresSync)
    #expect(output.entries.map(\.text) == ["a"])
    #expect(output.messages.isEmpty)
    #expect(output.messagesAfterSync.map(\.body) == [.appendReply(1, .matched(2))])
  }

  @Test("Checklist 5: a leader's own copy counts after its own sync")
  func leaderCountsItselfAfterItsSync() throws {
    var group = try TestGroup(voters: 3)
    try group.elect(1)
    try group.propose(1, "a")
    let output = group[1].core.takeOutput()
    group.inFlight = output.messages
    #expect(group.inFlight.map(\.to) == [2, 3], "a leader sends before its own sync")
    group.drop { $0.to == 3 }
    group.deliver(to: 2)
    group.flush(2)
    group.deliver(to: 1)
    #expect(group[1].core.committed == 1)
    group[1].core.persisted(through: output.receipt)
    #expect(group[1].core.committed == 2)
  }

  @Test("Checklist 6: a sync that ends after the leader was deposed acknowledges nothing")
  func lateSyncAcknowledgesNothing() throws {
    var group = try TestGroup(voters: 3)
    try group.elect(1)
    try group.propose(1, "lost")
    let writing = group[1].core.takeOutput()
    let other = Entry(index: 2, term: 2)
    let previous = LogPosition(term: 1, index: 1)
    try group.step(
      1,
      .message(
        Message(from: 3, to: 1, .append(2, previous: previous, entries: [other], commit: 1))))
    #expect(group[1].core.lastPosition == other.position)
    group[1].core.persisted(through: writing.receipt)
    #expect(group[1].core.committed == 1)
    let replacing = group[1].core.takeOutput()
    #expect(replacing.entries == [other], "what replaces a suffix is handed out in its place")
    #expect(replacing.messagesAfterSync.map(\.body) == [.appendReply(2, .matched(2))])
  }

  @Test("Checklist 6: a candidate's own vote of an old term counts for nothing")
  func lateOwnVoteCountsForNothing() throws {
    var group = try TestGroup(voters: 3)
    try group.step(1, .campaign)
    let first = group[1].core.takeOutput()
    try group.step(1, .campaign)
    try group.step(1, .message(Message(from: 2, to: 1, .voteReply(2, .granted))))
    group[1].core.persisted(through: first.receipt)
    #expect(group[1].core.roleName == .candidate)
    let second = group[1].core.takeOutput()
    group[1].core.persisted(through: second.receipt)
    #expect(group[1].core.roleName == .leader)
  }

  @Test("Checklist 7: what was never said to be durable is never counted")
  func failedSyncIsNeverCounted() throws {
    var group = try TestGroup(voters: 1)
    try group.elect(1)
    try group.propose(1, "a")
    _ = group[1].core.takeOutput()
    try group.propose(1, "b")
    _ = group[1].core.takeOutput()
    try group.tick(1, 50)
    #expect(group[1].core.committed == 1)
  }

  @Test("Checklist 8: a new commit index alone needs no sync")
  func commitNeedsNoSync() throws {
    var group = try TestGroup(voters: 3)
    try group.elect(1)
    try group.propose(1, "a")
    group.flush(1)
    group.deliver(to: 2)
    group.flush(2)
    group.deliver(to: 1)
    let output = group[1].core.takeOutput()
    #expect(output.hardState?.commit == 2)
    #expect(!output.requiresSync)
  }

  @Test(
    "Checklist 10: a restart begins at the snapshot, and goes on from the commit index it finds")
  func restartsAtTheSnapshot() throws {
    let entries = (LogIndex(6)..<9).map { Entry(index: $0, term: 2) }
    var core = try RaftCore(
      id: 1, seed: 1,
      snapshot: SnapshotMetadata(
        position: LogPosition(term: 1, index: 5), membership: .voters(1, 2, 3)),
      hardState: HardState(term: 2, vote: nil, commit: 7), entries: entries)
    #expect(core.applied == 5)
    #expect(core.takeOutput().committed == Array(entries.prefix(2)))
    core.applied(through: 3)
    #expect(core.applied == 5, "what lies before the snapshot is applied already")
    core.applied(through: 99)
    #expect(core.applied == 7, "what was not handed out is not applied")
  }

  @Test("A commit index that is behind the snapshot is raised to it")
  func commitFollowsTheSnapshot() throws {
    let core = try RaftCore(
      id: 1, seed: 1,
      snapshot: SnapshotMetadata(
        position: LogPosition(term: 3, index: 5), membership: .voters(1)),
      hardState: HardState(term: 3, vote: nil, commit: 2))
    #expect(core.committed == 5)
  }
}
