import AionModel
import AionRaft
import Testing

@Suite("Leadership transfer")
struct TransferTests {
  @Test("Thesis §3.10: the target is caught up, then stands at once, without asking first")
  func transfers() throws {
    var group = try TestGroup(voters: 3, options: .careful)
    try group.elect(1)
    group.isolated = [3]
    try group.propose(1, "a")
    group.settle()
    group.isolated = []
    try group.step(1, .transferLeadership(to: 3))
    try group.tick(1)
    group.settle()
    #expect(group[3].core.roleName == .leader)
    #expect(group[3].core.term == 2)
    #expect(group[3].appliedCommands == ["a"])
  }

  @Test("Checklist 54: a transfer refuses proposals, and is given up after an election timeout")
  func transferTimesOut() throws {
    var group = try TestGroup(voters: 3)
    try group.elect(1)
    group.isolated = [3]
    try group.propose(1, "a")
    group.settle()
    try group.step(1, .transferLeadership(to: 3))
    try group.tick(1, 9)
    #expect(throws: RaftRefusal.transferInProgress(to: 3)) { try group.propose(1, "b") }
    try group.tick(1)
    #expect(group[1].core.status.transfer == nil)
    try group.propose(1, "b")
  }

  @Test("Checklist 54: a transfer ends when its target is removed or demoted")
  func targetIsRemoved() throws {
    for step in [ConfigurationChange.Step.remove(3), .addLearner(3)] {
      var group = try TestGroup(voters: 3)
      try group.elect(1)
      group.isolated = [3]
      try group.change(1, step)
      try group.step(1, .transferLeadership(to: 3))
      group.settle()
      #expect(group[1].core.status.transfer == nil)
      try group.propose(1, "goes on")
    }
  }

  @Test("Checklist 54: to itself is nothing, to a learner or a stranger is refused")
  func refusedTransfers() throws {
    var group = try TestGroup(voters: 2, learners: 1)
    try group.elect(1)
    let before = group[1].core
    let refusals: [(ReplicaID, RaftRefusal)] = [
      (1, .alreadyLeader), (3, .transferToLearner(3)), (9, .unknownReplica(9)),
    ]
    for (target, refusal) in refusals {
      #expect(throws: refusal) { try group.step(1, .transferLeadership(to: target)) }
      #expect(group[1].core == before)
    }
  }

  @Test("A second wish for the same target changes nothing, for another replaces the first")
  func secondTransfer() throws {
    var group = try TestGroup(voters: 3)
    try group.elect(1)
    group.isolated = [2, 3]
    try group.propose(1, "a")
    group.settle()
    try group.step(1, .transferLeadership(to: 2))
    #expect(throws: RaftRefusal.transferAlreadyRunning(to: 2)) {
      try group.step(1, .transferLeadership(to: 2))
    }
    try group.step(1, .transferLeadership(to: 3))
    #expect(group[1].core.status.transfer == 3)
  }

  @Test("A candidate is not told to stand, and a removed target does not")
  func unsuitableTargets() throws {
    var group = try TestGroup(voters: 3)
    try group.step(1, .campaign)
    group.flush(1)
    try group.step(1, .message(Message(from: 2, to: 1, .timeoutNow(1))))
    #expect(group[1].core.term == 1)
    var stranger = try Replica(9, members: .voters(1, 2, 3), options: .plain)
    try stranger.core.step(.message(Message(from: 1, to: 9, .timeoutNow(1))))
    #expect(stranger.core.roleName == .follower)
  }

  @Test(
    "A target that has a membership change to apply stands once it has, unless its leader lives")
  func transferWaitsForChange() throws {
    for isLeaderHeard in [false, true] {
      var group = try TestGroup(voters: 3)
      try group.elect(1)
      try group.change(1, .addLearner(4))
      group.settle()
      try group[2].restart()
      try group.step(2, .message(Message(from: 1, to: 2, .timeoutNow(1))))
      #expect(group[2].core.roleName == .follower)
      if isLeaderHeard {
        let heartbeat = Message(from: 1, to: 2, .heartbeat(1, commit: 0, round: nil))
        try group.step(2, .message(heartbeat))
      }
      group.flush(2)
      #expect(group[2].core.roleName == (isLeaderHeard ? .follower : .candidate))
    }
  }
}
