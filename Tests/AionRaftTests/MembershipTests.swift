import AionModel
import AionRaft
import Testing

@Suite("Membership")
struct MembershipTests {
  @Test("Checklist 37: one change is in flight; a refused one becomes an empty entry and is told")
  func oneChangeInFlight() throws {
    var group = try TestGroup(voters: 3)
    try group.elect(1)
    group.isolated = [2, 3]
    try group.change(1, .addLearner(4))
    let second = try group[1].core.propose([
      .text("a"), Proposal(.configuration(ConfigurationChange(steps: [.addLearner(5)]))),
      .text("b"),
    ])
    #expect(second == .appended(term: 1, indices: 3..<6, refused: .unapplied(2)))
    #expect(group[1].core.entries(4..<5).map(\.payload) == [.empty])
    group.isolated = []
    try group.tick(1)
    group.settle()
    #expect(group[3].appliedCommands == ["a", "b"])
    #expect(group[3].core.membership == Membership(voters: [1, 2, 3], learners: [4]))
  }

  @Test("Checklist 37: leaving without being joint, entering twice and the impossible are refused")
  func refusedChanges() throws {
    var group = try TestGroup(voters: 1)
    try group.elect(1)
    func refusal(_ change: ConfigurationChange) throws -> ConfigurationRefusal? {
      let accepted = try group[1].core.propose([Proposal(.configuration(change))])
      group.settle()
      guard case .appended(_, _, let refused) = accepted else { return nil }
      return refused
    }
    let leave = ConfigurationChange(steps: [])
    #expect(try refusal(leave) == .notJoint)
    let last = ConfigurationChange(steps: [.remove(1)])
    #expect(try refusal(last) == .impossible(.noVoterLeft))
    let enter = ConfigurationChange(transition: .explicit, steps: [.addLearner(2)])
    #expect(try refusal(enter) == nil)
    #expect(group[1].core.membership.isJoint)
    #expect(try refusal(enter) == .mustLeaveJointFirst)
    #expect(try refusal(leave) == nil)
    #expect(group[1].core.membership == Membership(voters: [1], learners: [2]))
  }

  @Test("Checklist 38: a change that is rolled back never was")
  func rolledBackChange() throws {
    var group = try TestGroup(voters: 3)
    try group.elect(1)
    group.isolated = [1]
    try group.change(1, .remove(2), .addVoter(4), transition: .implicit)
    group.settle()
    try group.elect(2)
    group.isolated = []
    try group.tick(2)
    group.settle()
    #expect(group[1].core.membership == .voters(1, 2, 3))
    #expect(group.terms(1) == [1, 2])
  }

  @Test("Checklist 39: a removed leader commits its removal without its own copy, and steps down")
  func removedLeaderStepsDown() throws {
    var options = RaftOptions.plain
    options.removedLeader = .stepsDown
    var group = try TestGroup(voters: 3, options: options)
    try group.elect(1)
    try group.change(1, .remove(1))
    group.settle()
    #expect(group[1].core.roleName == .follower)
    #expect(group[1].core.membership == .voters(2, 3))
    #expect(group[2].core.membership == .voters(2, 3), "the commit went out before")
  }

  @Test("Checklist 39: a removed leader that stays leads on without counting itself")
  func removedLeaderDoesNotCountItself() throws {
    var options = RaftOptions.plain
    options.removedLeader = .stays
    var group = try TestGroup(voters: 3, options: options)
    try group.elect(1)
    try group.change(1, .remove(1))
    group.settle()
    #expect(group[1].core.roleName == .leader)
    #expect(throws: RaftRefusal.notMember) { try group.propose(1, "a") }
    let last = group[1].core.lastPosition.index
    #expect(group[1].core.committed == last)
  }

  @Test("Checklist 39: a removed leader hands over to the voter with the longest log")
  func removedLeaderHandsOver() throws {
    var group = try TestGroup(voters: 4, options: .careful)
    try group.elect(1)
    group.isolated = [2]
    try group.change(1, .remove(1))
    group.settle()
    let leaders = group.replicas.filter { $0.core.roleName == .leader }
    #expect(leaders.map(\.id) == [3])
    #expect(group[3].core.term == 2)
  }

  @Test("A demoted leader steps down as a removed one does")
  func demotedLeaderStepsDown() throws {
    var group = try TestGroup(voters: 3)
    try group.elect(1)
    try group.change(1, .addLearner(1))
    group.settle()
    #expect(group[1].core.roleName == .follower)
    let leaders = group.replicas.filter { $0.core.roleName == .leader }
    #expect(leaders.map(\.id) == [2])
    #expect(leaders.first?.core.membership == Membership(voters: [2, 3], learners: [1]))
  }

  @Test("A leader leaves a joint configuration once its transfer has ended, without another entry")
  func leavesJointAfterTransfer() throws {
    var group = try TestGroup(voters: 3, strangers: 2)
    try group.elect(1)
    group.isolated = [3]
    try group.propose(1, "a")
    group.settle()
    try group.change(1, .addVoter(4), .addVoter(5))
    try group.step(1, .transferLeadership(to: 3))
    group.settle()
    try group.tick(1)
    group.settle()
    #expect(group[1].core.membership.isJoint)
    #expect(group[1].core.status.transfer == 3)
    let last = group[1].core.lastPosition.index
    try group.tick(1, 9)
    group.settle()
    #expect(group[1].core.membership == .voters(1, 2, 3, 4, 5))
    #expect(group[1].core.lastPosition.index == last.next)
  }

  @Test("Checklist 40: a new leader finishes a joint configuration that an old one began")
  func newLeaderLeavesJoint() throws {
    var group = try TestGroup(voters: 3, strangers: 1)
    try group.elect(1)
    try group.change(1, .remove(1), .addVoter(4), transition: .implicit)
    group.flush(1)
    for id: ReplicaID in [2, 3] {
      group.deliver(to: id)
      group.flush(id)
    }
    group.deliver(to: 1)
    let committing = group[1].core.takeOutput()
    group.isolated = [1]
    for message in committing.messages where message.to == 2 || message.to == 3 {
      try group.step(message.to, .message(message))
    }
    group.drop()
    group.settle()
    #expect(group[2].core.membership.isJoint)
    try group.elect(2)
    try group.tick(2)
    group.settle()
    for id: ReplicaID in [2, 3, 4] {
      #expect(group[id].core.membership == .voters(2, 3, 4))
    }
  }

  @Test("Checklist 40: so does one that was restored from a snapshot, in its first term")
  func restoredLeaderLeavesJoint() throws {
    let joint = Membership(
      voters: [1, 2], outgoingVoters: [1], leavesAutomatically: true)
    let snapshot = SnapshotMetadata(position: LogPosition(term: 1, index: 5), membership: joint)
    var group = try TestGroup(voters: 2)
    for id: ReplicaID in [1, 2] {
      group[id].disk = Replica.Disk(hardState: HardState(term: 1), snapshot: snapshot)
      try group[id].restart()
    }
    try group.elect(1)
    #expect(group[1].core.membership == .voters(1, 2))
    #expect(group[2].core.membership == .voters(1, 2))
  }

  @Test(
    "Checklist 21: in a joint configuration neither majority commits alone, nor confirms a read")
  func jointNeedsBoth() throws {
    var group = try TestGroup(voters: 3, strangers: 2)
    try group.elect(1)
    try group.change(
      1, .remove(2), .remove(3), .addVoter(4), .addVoter(5), transition: .explicit)
    group.settle()
    #expect(group[1].core.membership.isJoint)
    for cut: Set<ReplicaID> in [[4, 5], [2, 3]] {
      group.isolated = cut
      let last = group[1].core.committed
      try group.propose(1, "x")
      try group.step(1, .readIndex(ReadID(last.rawValue)))
      group.settle()
      #expect(group[1].core.committed == last)
      #expect(group[1].reads.isEmpty)
      group.isolated = []
      try group.tick(1)
      group.settle()
      #expect(group[1].core.committed == group[1].core.lastPosition.index)
      group[1].reads = []
    }
  }

  @Test("Checklist 21: in a joint configuration CheckQuorum needs both majorities")
  func checkQuorumNeedsBoth() throws {
    var options = RaftOptions.plain
    options.checkQuorum = true
    var group = try TestGroup(voters: 3, strangers: 2, options: options)
    try group.elect(1)
    try group.change(
      1, .remove(2), .remove(3), .addVoter(4), .addVoter(5), transition: .explicit)
    group.settle()
    group.isolated = [4, 5]
    for _ in 0..<25 where group[1].core.roleName == .leader {
      try group.tick(1)
      group.settle()
    }
    #expect(group[1].core.roleName == .follower)
  }

  @Test("Checklist 41: a snapshot carries the membership of its index, joint state included")
  func snapshotCarriesMembership() throws {
    var group = try TestGroup(voters: 2, strangers: 1)
    try group.elect(1)
    try group.change(1, .addVoter(3), .addLearner(2), transition: .explicit)
    group.isolated = [3]
    group.settle()
    let joint = group[1].core.membership
    #expect(joint.isJoint && joint.stagedLearners == [2])
    let snapshot = SnapshotMetadata(
      position: LogPosition(term: 1, index: group[1].core.applied), membership: joint)
    group[1].core.snapshotTaken(snapshot)
    group[1].core.compact(through: snapshot.position.index)
    group.isolated = []
    try group.tick(1)
    group.settle()
    #expect(group[3].disk.snapshot == snapshot)
    #expect(group[3].core.membership == joint)
  }

  @Test("Checklist 42: updating a member's address changes no part in the group")
  func updateChangesNoPart() throws {
    var group = try TestGroup(voters: 2, learners: 1)
    try group.elect(1)
    let before = group[1].core.membership
    for member: ReplicaID in [2, 3, 9] {
      try group.change(1, .update(member))
      group.settle()
      #expect(group[1].core.membership == before)
    }
  }

  @Test("A learner catches up without a voice, and is promoted with one")
  func learnerIsPromoted() throws {
    var group = try TestGroup(voters: 2, strangers: 1)
    try group.elect(1)
    try group.propose(1, "a")
    group.settle()
    try group.change(1, .addLearner(3))
    group.settle()
    try group.tick(1)
    group.settle()
    #expect(group[3].appliedCommands == ["a"])
    group.isolated = [2]
    try group.propose(1, "b")
    group.settle()
    #expect(group[3].core.lastPosition == group[1].core.lastPosition)
    #expect(group[1].core.committed < group[1].core.lastPosition.index)
    group.isolated = []
    try group.tick(1)
    group.settle()
    try group.change(1, .addVoter(3))
    group.settle()
    group.isolated = [2]
    try group.propose(1, "c")
    group.settle()
    #expect(group[3].appliedCommands == ["a", "b", "c"])
  }

  @Test("Every change that is possible leaves a well-formed membership, and leaving joint ends it")
  func changesKeepMembershipsWellFormed() {
    for seed in UInt64(1)...500 {
      var chance = SplitMix64(seed: seed)
      var membership = Membership.voters(1)
      for _ in 0..<20 {
        let steps = (0..<Int.random(in: 0...3, using: &chance)).map { _ in step(&chance) }
        let transitions: [ConfigurationChange.Transition] = [.automatic, .implicit, .explicit]
        let change = ConfigurationChange(
          transition: transitions.randomElement(using: &chance) ?? .automatic, steps: steps)
        guard let changed = try? membership.applying(change) else { continue }
        check(membership, changed, change, "seed \(seed)")
        membership = changed
      }
    }
  }

  private func step(_ chance: inout SplitMix64) -> ConfigurationChange.Step {
    let replica = ReplicaID(UInt64.random(in: 1...5, using: &chance))
    switch Int.random(in: 0..<4, using: &chance) {
    case 0: return .addVoter(replica)
    case 1: return .addLearner(replica)
    case 2: return .remove(replica)
    default: return .update(replica)
    }
  }

  /// Thesis §4.1: without a joint configuration in between, one voter changes at a time, so that
  /// any quorum of the old shares a voter with any of the new.
  private func check(
    _ old: Membership, _ new: Membership, _ change: ConfigurationChange, _ seed: Comment
  ) {
    #expect(!new.voters.isEmpty, seed)
    #expect(Set(new.allVoters).isDisjoint(with: new.learners), seed)
    #expect(Set(new.stagedLearners).isSubset(of: new.outgoingVoters), seed)
    for list in [new.voters, new.outgoingVoters, new.learners, new.stagedLearners] {
      #expect(list == Set(list).sorted(), seed)
    }
    if new.isJoint {
      #expect(new.outgoingVoters == old.voters, seed)
    } else if !old.isJoint {
      #expect(Set(old.voters).symmetricDifference(new.voters).count <= 1, seed)
    } else {
      #expect(new.voters == old.voters, seed)
      #expect(Set(new.learners) == Set(old.learners + old.stagedLearners), seed)
    }
  }
}
