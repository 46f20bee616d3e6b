import AionModel
import AionRaft
import Testing

@Suite("Telling what is committed")
struct TellingCommitTests {
  /// A leader, 1, whose entry 2 another has acknowledged, and which has not heard of that yet.
  private func leaderBeforeCommit() throws -> (TestGroup, Message) {
    var group = try TestGroup(voters: 3)
    try group.elect(1)
    try group.propose(1, "a")
    group.flush(1)
    group.deliver(to: 2)
    group.flush(2)
    let acknowledgement = try #require(group.inFlight.first { $0.to == 1 })
    group.drop()
    return (group, acknowledgement)
  }

  private func commits(_ messages: [Message]) -> [ReplicaID: [LogIndex]] {
    messages.reduce(into: [:]) { commits, message in
      if case .append(_, _, _, let commit) = message.body {
        commits[message.to, default: []].append(commit)
      }
    }
  }

  @Test("What is committed is told at once, unless that is put off")
  func commitIsTold() throws {
    var (group, acknowledgement) = try leaderBeforeCommit()
    try group.step(1, .message(acknowledgement))
    group.flush(1)
    #expect(commits(group.inFlight) == [2: [2], 3: [2]])
  }

  @Test("Put off, it goes along with the entries that are proposed next")
  func commitGoesAlong() throws {
    var (group, acknowledgement) = try leaderBeforeCommit()
    group[1].core.putOffTellingCommit()
    try group.step(1, .message(acknowledgement))
    group.flush(1)
    #expect(commits(group.inFlight).isEmpty)
    #expect(group[1].core.applied == 2)
    try group.propose(1, "b")
    group[1].core.tellCommit()
    group.flush(1)
    #expect(commits(group.inFlight) == [2: [2], 3: [2]])
    #expect(group.inFlight.allSatisfy { $0.appendedEntries.map(\.index).last == 3 })
    group.settle()
    #expect(group.replicas.allSatisfy { $0.core.applied == 3 })
  }

  @Test("Put off, it is not told to those who acknowledge after the others either")
  func lateAcknowledgement() throws {
    var (group, acknowledgement) = try leaderBeforeCommit()
    let late = Message(from: 3, to: 1, .appendReply(group[1].core.term, .matched(2)))
    group[1].core.putOffTellingCommit()
    try group.step(1, .message(acknowledgement))
    try group.step(1, .message(late))
    group.flush(1)
    #expect(commits(group.inFlight).isEmpty)
    group[1].core.tellCommit()
    group.flush(1)
    #expect(commits(group.inFlight) == [2: [2], 3: [2]])
  }

  @Test("Put off for nothing, it is told without entries, once, and at once from then on")
  func commitIsToldLater() throws {
    var (group, acknowledgement) = try leaderBeforeCommit()
    group[1].core.putOffTellingCommit()
    try group.step(1, .message(acknowledgement))
    group[1].core.tellCommit()
    group[1].core.tellCommit()
    group.flush(1)
    #expect(commits(group.inFlight) == [2: [2], 3: [2]])
    group.settle()
    try group.propose(1, "b")
    group.settle()
    #expect(group.replicas.allSatisfy { $0.core.applied == 3 })
  }
}
