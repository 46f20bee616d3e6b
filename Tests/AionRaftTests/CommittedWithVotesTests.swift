import AionModel
import AionRaft
import Testing

/// Docs/Decisions/0008.
@Suite("What is committed goes with votes")
struct CommittedWithVotesTests {
  /// Node 1 removes itself from 1 and 2, has one entry more than 2, and its word that the removal
  /// is committed is lost.
  private func stranded(_ options: RaftOptions) throws -> TestGroup {
    var options = options
    options.removedLeader = .stepsDown
    var group = try TestGroup(voters: 2, options: options)
    try group.elect(1)
    try group.change(1, .remove(1))
    group.flush(1)
    try group.propose(1, "late")
    let isLate = group[1].settle().contains(where: \.isAppend)
    #expect(isLate)
    group.deliver(to: 2)
    group.flush(2)
    group.deliver(to: 1)
    _ = group[1].settle()
    #expect(group[1].core.membership == .voters(2))
    #expect(group[2].core.membership == .voters(1, 2))
    #expect(group[2].core.lastPosition < group[1].core.lastPosition)
    return group
  }

  @Test(
    "A voter that needs the vote of a removed replica with a longer log learns of the removal",
    arguments: [RaftOptions.plain, .careful])
  func refusalTells(options: RaftOptions) throws {
    var group = try stranded(options)
    try group.tick(2, 10)
    group.settle()
    #expect(group[2].core.roleName == .follower)
    #expect(group[2].core.membership == .voters(2))
    #expect(group[2].core.committed == 2, "of what only node 1 has, nothing is committed")
    try group.tick(2, 10)
    group.settle()
    #expect(group[2].core.roleName == .leader)
  }

  @Test("A refusal of an older term tells what is committed, too", arguments: [true, false])
  func oldRefusalTells(isPreVote: Bool) throws {
    var group = try stranded(.plain)
    // Node 1 has heard of the new term and forgotten it again: its disk failed.
    try group.step(2, .campaign)
    group.flush(2)
    group.drop()
    #expect(group[2].core.term == 2)
    let told = Message.VoteAnswer.refused(committed: LogPosition(term: 1, index: 2))
    let body: Message.Body = isPreVote ? .preVoteReply(1, told) : .voteReply(1, told)
    try group.step(2, .message(Message(from: 1, to: 2, body)))
    group.flush(2)
    #expect(group[2].core.membership == .voters(2))
    try group.tick(2, 10)
    group.settle()
    #expect(group[2].core.roleName == .leader)
  }

  @Test("One that is asked for its vote and refuses it learns from the request")
  func requestTells() throws {
    var group = try TestGroup(voters: 3)
    try group.elect(1)
    group.isolated = [2, 3]
    try group.change(1, .addLearner(4))
    group.settle()
    let change = try #require(group[1].core.entries(2..<3).first)
    for id: ReplicaID in [2, 3] {
      let append = Message.Body.append(
        1, previous: LogPosition(term: 1, index: 1), entries: [change], commit: 1)
      try group.step(id, .message(Message(from: 1, to: id, append)))
      group.flush(id)
    }
    group.drop()
    let asking = Message.Body.vote(
      2, last: LogPosition(term: 1, index: 1), committed: change.position, isTransfer: false)
    try group.step(3, .message(Message(from: 2, to: 3, asking)))
    group.flush(3)
    #expect(group[3].core.committed == 2)
    #expect(group[3].core.membership.learners == [4])
  }

  /// A follower with entries 2 (a command) and 3 (a change) after a committed entry 1.
  private func follower() throws -> Replica {
    var replica = try Replica(1, members: .voters(1, 2, 3), options: .plain)
    let entries = [
      Entry(index: 1, term: 1), Entry(index: 2, term: 1, payload: .command([1])),
      Entry(
        index: 3, term: 1,
        payload: .configuration(ConfigurationChange(steps: [.addLearner(4)]))),
      Entry(index: 4, term: 1, payload: .command([2])),
    ]
    try replica.core.step(
      .message(
        Message(from: 2, to: 1, .append(1, previous: .zero, entries: entries, commit: 1))))
    _ = replica.settle()
    #expect(replica.core.committed == 1)
    return replica
  }

  @Test("Only an entry that is here counts, and only when a membership change is among them")
  func onlyChangesCount() throws {
    let told: [(LogPosition, LogIndex)] = [
      (LogPosition(term: 1, index: 2), 1),  // no change among them
      (LogPosition(term: 2, index: 3), 1),  // another entry
      (LogPosition(term: 1, index: 9), 1),  // not here
      (LogPosition(term: 1, index: 3), 3), (LogPosition(term: 1, index: 4), 4),
    ]
    for (position, expected) in told {
      var asked = try follower()
      let vote = Message.Body.vote(2, last: .zero, committed: position, isTransfer: false)
      try asked.core.step(.message(Message(from: 3, to: 1, vote)))
      #expect(asked.core.committed == expected, "\(position)")

      var candidate = try follower()
      try candidate.core.step(.campaign)
      _ = candidate.settle()
      let refusal = Message.Body.voteReply(2, .refused(committed: position))
      try candidate.core.step(.message(Message(from: 3, to: 1, refusal)))
      #expect(candidate.core.committed == expected, "\(position)")
      #expect(candidate.core.roleName == (expected > 1 ? .follower : .candidate))
    }
  }

  @Test("A leader commits by counting alone")
  func leadersCount() throws {
    var group = try TestGroup(voters: 3)
    try group.elect(1)
    group.isolated = [2, 3]
    try group.change(1, .addLearner(4))
    group.settle()
    let position = group[1].core.lastPosition
    let vote = Message.Body.vote(1, last: .zero, committed: position, isTransfer: false)
    try group.step(1, .message(Message(from: 2, to: 1, vote)))
    #expect(group[1].core.committed < position.index)
  }
}
