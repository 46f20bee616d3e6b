import AionModel
import AionRaft
import Testing

@Suite("Reads")
struct ReadTests {
  @Test("Checklist 51: a read waits for the first commit of the term")
  func readWaitsForCommit() throws {
    var group = try TestGroup(voters: 3)
    try group.elect(1)
    try group.propose(1, "a")
    group.settle()
    try group.step(2, .campaign)
    group.flush(2)
    group.deliver(to: 3)
    group.flush(3)
    group.deliver(to: 2)
    try group.step(2, .readIndex(1))
    #expect(group[2].core.status.waitingReads == 1)
    let output = group[2].core.takeOutput()
    group[2].core.persisted(through: output.receipt)
    #expect(output.reads.isEmpty)
    group.inFlight = output.messages
    group.settle()
    #expect(group[2].reads == [Output.SafeRead(read: 1, index: 3)])
  }

  @Test("Checklist 51: so does a lone voter's, which may have committed more before a restart")
  func loneVoterReadWaits() throws {
    var group = try TestGroup(voters: 1)
    try group.elect(1)
    try group.propose(1, "acknowledged")
    group.settle()
    group[1].disk.hardState.commit = 1
    try group[1].restart()
    try group.step(1, .campaign)
    group[1].core.persisted(through: group[1].core.takeOutput().receipt)
    #expect(group[1].core.roleName == .leader)
    try group.step(1, .readIndex(1))
    #expect(group[1].core.takeOutput().reads.isEmpty)
    group.settle()
  }

  @Test("Checklist 52: a retried read is served under its fresh name, the old name at most once")
  func retriedReads() throws {
    var group = try TestGroup(voters: 3)
    try group.elect(1)
    group.isolated = [2, 3]
    try group.step(1, .readIndex(1))
    group.settle()
    group.isolated = []
    try group.propose(1, "a")
    group.settle()
    try group.step(1, .readIndex(2))
    group.settle()
    let served = group[1].reads
    #expect(served.last == Output.SafeRead(read: 2, index: 2))
    #expect(served.filter { $0.read == 1 }.count <= 1)
    try group.tick(1, 5)
    group.settle()
    #expect(group[1].reads == served)
  }

  @Test("Checklist 52: an answer to a round that never was confirms nothing")
  func strangeRounds() throws {
    var group = try TestGroup(voters: 3)
    try group.elect(1)
    for round in [ReadRound(1), ReadRound(UInt64.max)] {
      let answer = Message(from: 2, to: 1, .heartbeatReply(1, round: round))
      try group.step(1, .message(answer))
    }
    try group.step(1, .readIndex(1))
    #expect(group[1].core.takeOutput().reads.isEmpty)
  }

  @Test("Thesis §6.4: reads are confirmed together, and each by the state when it was asked")
  func readsAreBatched() throws {
    var group = try TestGroup(voters: 3, learners: 1)
    try group.elect(1)
    try group.step(1, .readIndex(1))
    try group.propose(1, "a")
    group.settle()
    try group.step(4, .readIndex(2))
    try group.step(2, .readIndex(3))
    group.settle()
    #expect(group[1].reads == [Output.SafeRead(read: 1, index: 1)])
    #expect(group[4].reads == [Output.SafeRead(read: 2, index: 2)])
    #expect(group[2].reads == [Output.SafeRead(read: 3, index: 2)])
  }

  @Test("Reads that wait are limited, whoever asked, and taken again once some are answered")
  func readsAreLimited() throws {
    var options = RaftOptions.plain
    options.maximumWaitingReads = 2
    var group = try TestGroup(voters: 3, options: options)
    try group.elect(1)
    group.isolated = [3]
    try group.step(1, .readIndex(1))
    let forwarded = Message(from: 2, to: 1, .readIndex(2))
    try group.step(1, .message(forwarded))
    #expect(group[1].core.status.waitingReads == 2)
    for input in [Input.readIndex(3), .message(forwarded)] {
      #expect(throws: RaftRefusal.tooManyReads(limit: 2)) { try group.step(1, input) }
    }
    group.settle()
    #expect(group[1].reads.map(\.read) == [1])
    try group.step(1, .readIndex(3))
    group.settle()
    #expect(group[1].reads.map(\.read) == [1, 3])
  }

  @Test("A leader that was deposed confirms no read")
  func deposedLeaderConfirmsNothing() throws {
    var group = try TestGroup(voters: 3)
    try group.elect(1)
    group.isolated = [1]
    try group.elect(2)
    try group.propose(2, "newer")
    group.settle()
    try group.step(1, .readIndex(1))
    group.isolated = []
    try group.tick(2)
    group.settle()
    #expect(group[1].reads.isEmpty)
    #expect(group[1].core.roleName == .follower)
  }

  @Test("Checklist 53: lease reads need CheckQuorum, and are refused during a transfer")
  func leaseReads() throws {
    var options = RaftOptions.careful
    options.readMode = .lease
    var group = try TestGroup(voters: 3, options: options)
    try group.elect(1)
    try group.step(1, .readIndex(1))
    #expect(group[1].core.takeOutput().reads == [Output.SafeRead(read: 1, index: 1)])
    group.isolated = [3]
    try group.propose(1, "a")
    group.settle()
    try group.step(1, .transferLeadership(to: 3))
    #expect(throws: RaftRefusal.transferInProgress(to: 3)) { try group.step(1, .readIndex(2)) }
    options.checkQuorum = false
    #expect(throws: RaftStartError.options("readMode .lease needs checkQuorum")) {
      try Replica(1, members: .voters(1), options: options)
    }
  }

  @Test("Checklist 53: with lease reads a leader is not forgotten")
  func leaseForbidsForgetting() throws {
    var options = RaftOptions.careful
    options.readMode = .lease
    var group = try TestGroup(voters: 3, options: options)
    try group.elect(1)
    #expect(throws: RaftRefusal.leaseForbids) { try group.step(2, .forgetLeader) }
    #expect(group[2].core.leader == 1)
  }

  @Test("Without a leader a read is refused, so that it can be asked elsewhere")
  func readWithoutLeader() throws {
    var group = try TestGroup(voters: 3)
    #expect(throws: RaftRefusal.noLeader(0)) { try group.step(1, .readIndex(1)) }
  }

  @Test("Checklist 55: a leader that was stalled gives up its lease with the ticks it missed")
  func stalledLeader() throws {
    var options = RaftOptions.careful
    options.readMode = .lease
    var group = try TestGroup(voters: 3, options: options)
    try group.elect(1)
    // Nobody hears of it for two election timeouts; then its clock is brought up to date.
    group.isolated = [1]
    group[3].core.setElectionTimeout(ticks: 20)
    try group.tick(3, 10)
    try group.tick(2, 10)
    group.settle()
    #expect(group[2].core.roleName == .leader)
    try group.tick(1, 20)
    #expect(throws: RaftRefusal.noLeader(1)) { try group.step(1, .readIndex(1)) }
  }

  @Test("Checklist 56: the wall clock of proposals decides nothing")
  func wallClockDecidesNothing() throws {
    func run(_ times: [Int64]) throws -> [Output] {
      var replica = try Replica(1, members: .voters(1))
      try replica.core.step(.campaign)
      _ = replica.settle()
      var outputs: [Output] = []
      for time in times {
        let moment = WallTime(nanosecondsSince1970: time)
        try replica.core.propose([.command([1], proposedAt: moment)])
        outputs.append(replica.core.takeOutput())
        _ = replica.complete(outputs[outputs.count - 1])
      }
      return outputs
    }
    func timeless(_ outputs: [Output]) -> [Output] {
      outputs.map { output in
        var output = output
        for place in output.entries.indices { output.entries[place].proposedAt = .epoch }
        for place in output.committed.indices { output.committed[place].proposedAt = .epoch }
        return output
      }
    }
    let forward = try run([1, 2, 3])
    let jumping = try run([Int64.max, Int64.min, 0])
    #expect(timeless(forward) == timeless(jumping))
  }
}
