import AionCatalog
import AionLog
import AionModel
import AionNode
import AionRaft
import Testing

@Suite("Who belongs to a group")
struct GroupIdentityTests {
  @Test("Checklist 26: a founder whose disk was replaced is refused, and replaced under a new id")
  func wipedFounder() throws {
    let group = try Group.founded(3)
    #expect((try? group.propose(write(1))?.get()) != nil)
    for beginning in [.bootstrap([1, 2, 3]), .join] as [NodeBeginning] {
      group.wipe(3)
      try group.open(3, beginning)
      group.settle()
      #expect(group[3].status.applied == .zero)
      // Others do not hear it; or a leader counts on what it does not have.
      #expect(group[3].refusals.contains { $0.isOwn } || group[3].status.fault != nil)
      #expect(group[3].status.role == .follower)
      let leader = try #require(group.leader)
      #expect(leader.status.fault == nil)
      let refused = group.ids.filter { $0 != 3 }.map { group[$0].status.refusedEnvelopes }
      #expect(refused.contains { $0 > 0 })
      #expect((try? group.propose(write(2))?.get()) != nil)
    }
    group.crash(3)
    try group.open(4, .join)
    #expect((try? group.change(.remove(3))?.get()) != nil)
    #expect((try? group.change(.addLearner(4))?.get()) != nil)
    group.settle()
    #expect((try? group.change(.addVoter(4))?.get())?.voters == [1, 2, 4])
    group.settle()
    #expect(group.digests.count == 1)
  }

  @Test("What a wiped replica had acknowledged is never lost by its vote")
  func wipedVoterElectsNobody() throws {
    for seed in UInt64(1)...10 {
      let group = try Group.founded(3, seed: seed)
      let leader = try #require(group.leader?.node.identity.replica)
      let others = group.ids.filter { $0 != leader }
      // Acknowledged by the leader and one other; then the one is wiped and the leader is gone.
      group.isolate([others[1]])
      #expect((try? group.propose(write(1))?.get()) != nil)
      group.wipe(others[0])
      group.crash(leader)
      group.heal()
      try group.open(others[0], .bootstrap([1, 2, 3]))
      group.run(ticks: 200)
      #expect(group.leader == nil, "seed \(seed): \(others[1]) leads without write 1")
      try group.open(leader, .bootstrap([1, 2, 3]))
      group.settle()
      #expect(group.leader?.snapshot.role(named: "role-1") != nil, "seed \(seed)")
    }
  }

  @Test("A replica that joined and lost its disk is refused too, by every later leader")
  func wipedJoiner() throws {
    let group = try Group.founded(1)
    for id in [2, 3] as [ReplicaID] {
      try group.open(id, .join)
      _ = group.change(.addLearner(id))
      group.settle()
      #expect((try? group.change(.addVoter(id))?.get()) != nil)
    }
    group.settle()
    group.wipe(3)
    try group.open(3, .join)
    group.with(1) { try? $0.node.transferLeadership(to: 2, effects: &$0.effects) }
    group.settle()
    #expect(group[3].status.applied == .zero)
    #expect(group[3].refusals.contains { $0.isOwn })
    #expect((try? group.propose(write(1))?.get()) != nil)
  }

  @Test("Checklist 43: ids are never reused: who was removed is not added again, wiped or not")
  func idsAreNeverReused() throws {
    let group = try Group.founded(3)
    let removed = try #require(group.ids.last { $0 != group.leader?.node.identity.replica })
    #expect((try? group.change(.remove(removed))?.get()) != nil)
    for isWiped in [false, true] {
      if isWiped {
        group.wipe(removed)
        try group.open(removed, .join)
        group.settle()
      }
      for step in [ConfigurationChange.Step.addLearner(removed), .addVoter(removed)] {
        #expect(group.change(step) == .failure(.membershipRefused(.wasMember(removed))))
      }
    }
    // A later leader knows it from the log, or from the founding.
    let old = try #require(group.leader?.node.identity.replica)
    group.crash(old)
    group.run(ticks: 100)
    #expect(group.leader == nil, "two voters, one of them is down")
    try group.open(old, .bootstrap([1, 2, 3]))
    let other = try #require(group.ids.first { $0 != old && $0 != removed })
    group.run(ticks: 100)
    group.with(old) { try? $0.node.transferLeadership(to: other, effects: &$0.effects) }
    group.settle()
    #expect(group.change(.addLearner(removed)) == .failure(.membershipRefused(.wasMember(removed))))
    #expect((try? group.change(.addLearner(9))?.get())?.learners == [9])
  }

  @Test("A voter that nobody has heard of is not added")
  func unknownVoter() throws {
    let group = try Group.founded(1)
    #expect(group.change(.addVoter(2)) == .failure(.membershipRefused(.notIntroduced(2))))
  }

  @Test("A replica of another cluster is refused, told so, and disturbs nothing")
  func otherCluster() throws {
    let group = try Group.founded(3)
    let leader = try #require(group.leader)
    let term = leader.status.term
    let stranger = Envelope(
      from: 2, to: leader.node.identity.replica, cluster: 8, incarnation: 1,
      .raft(
        Message(
          from: 2, to: leader.node.identity.replica,
          .append(99, previous: .zero, entries: [], commit: 0))))
    group.with(leader.node.identity.replica) {
      $0.node.receive(stranger, effects: &$0.effects)
    }
    #expect(leader.status.term == term)
    #expect(leader.status.refusedEnvelopes == 1)
    #expect(leader.refusals.map(\.reason) == [.otherCluster(Group.cluster)])
    #expect(group.network.last?.body == .refusal(.otherCluster(Group.cluster)))
  }

  @Test("Founders promise nothing before all of them were there; after that a majority is enough")
  func foundersWaitForAll() throws {
    let group = Group()
    for id in [1, 2] as [ReplicaID] { try group.open(id, .bootstrap([1, 2, 3])) }
    group.run(ticks: 100)
    #expect(group.leader == nil)
    #expect(group.ids.allSatisfy { !group[$0].status.isIntroduced })
    try group.open(3, .bootstrap([1, 2, 3]))
    group.settle()
    #expect(group.leader != nil)
    for id in group.ids { group.crash(id) }
    for id in [2, 3] as [ReplicaID] { try group.open(id, .bootstrap([1, 2, 3])) }
    group.settle()
    #expect(group.leader != nil)
    #expect((try? group.propose(write(1))?.get()) != nil)
  }

  @Test("A founder whose disk is full when the last other answers is introduced once there is room")
  func fullDiskWhileFounding() throws {
    let group = Group()
    group.disks[2] = InMemoryDisk()
    for id in [1, 2] as [ReplicaID] { try group.open(id, .bootstrap([1, 2, 3])) }
    group.run(ticks: 5)
    group.disks[2]?.faults.capacity = .zero
    try group.open(3, .bootstrap([1, 2, 3]))
    group.run(ticks: 5)
    #expect(!group[2].status.isIntroduced)
    group.disks[2]?.faults.capacity = nil
    group.settle()
    #expect(group[2].status.isIntroduced)
    #expect(group.leader != nil)
  }

  @Test("A founder crashes after any file operation of the founding: it is founded all the same")
  func crashesWhileFounding() throws {
    let disk = InMemoryDisk()
    let whole = Group()
    whole.disks[2] = disk
    for id in [1, 2, 3] as [ReplicaID] { try whole.open(id, .bootstrap([1, 2, 3])) }
    whole.settle()
    for operation in 0..<disk.operationCount {
      let group = Group()
      group.disks[2] = InMemoryDisk()
      group.disks[2]?.faults.operationsBeforeCrash = operation
      for id in [1, 3] as [ReplicaID] { try group.open(id, .bootstrap([1, 2, 3])) }
      _ = try? group.open(2, .bootstrap([1, 2, 3]))
      group.run(ticks: 30)
      group.crash(2, .sectors(seed: UInt64(operation)))
      try group.open(2, .bootstrap([1, 2, 3]))
      group.settle()
      #expect(group.leader != nil, "operation \(operation)")
      #expect((try? group.propose(write(1))?.get()) != nil, "operation \(operation)")
      group.run(ticks: 3)
      #expect(group.digests.count == 1, "operation \(operation)")
    }
  }
}
