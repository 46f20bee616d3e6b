import AionCatalog
import AionLog
import AionModel
import AionNode
import AionRaft
import Testing

@Suite("A group that grows and shrinks")
struct GroupGrowthTests {
  @Test("Who has applied a membership change knows it after a crash, and needs no vote of the old")
  func removalSurvivesCrash() throws {
    let group = try Group.founded(2)
    let leader = try #require(group.leader?.node.identity.replica)
    let other: ReplicaID = leader == 1 ? 2 : 1
    #expect(try group.change(.remove(other))?.get().voters == [leader])
    group.crash(other)
    group.crash(leader)
    try group.open(leader, .bootstrap([1, 2]))
    group.settle()
    #expect(group.leader?.node.identity.replica == leader)
    #expect((try? group.propose(write(1))?.get()) != nil)
  }

  @Test("From one to three to five to three replicas, writing all the while")
  func growsAndShrinks() throws {
    let group = try Group.founded(1)
    var number = 0
    func writeSome() {
      for _ in 0..<10 {
        number += 1
        #expect((try? group.propose(write(number))?.get()) != nil, "write \(number)")
      }
    }
    writeSome()
    for id in [2, 3, 4, 5] as [ReplicaID] {
      try group.open(id, .join)
      #expect((try? group.change(.addLearner(id))?.get())?.learners == [id])
      writeSome()
      group.settle()
      #expect((try? group.change(.addVoter(id))?.get())?.voters.contains(id) == true)
      writeSome()
    }
    group.settle()
    #expect(group.digests.count == 1)
    #expect(group[5].node.membership.voters == [1, 2, 3, 4, 5])
    #expect((try? group.change(.remove(4), .remove(5))?.get())?.voters == [1, 2, 3])
    #expect(group[1].node.membership.isJoint == false)
    group.crash(4)
    group.crash(5)
    writeSome()
    group.settle()
    #expect(group.digests.count == 1)
    #expect(group[1].snapshot.roles().count == number)
    for id in [1, 2, 3] as [ReplicaID] { group.crash(id) }
    try group.open(1, .bootstrap([1]))
    for id in [2, 3] as [ReplicaID] { try group.open(id, .join) }
    group.settle()
    #expect(group.digests.count == 1)
    #expect(group[2].node.membership.voters == [1, 2, 3])
    writeSome()
  }

  @Test("A leader that is removed hands over and stays silent")
  func removesLeader() throws {
    let group = try Group.founded(3)
    let old = try #require(group.leader?.node.identity.replica)
    _ = group.change(.remove(old))
    group.settle()
    let leader = try #require(group.leader)
    #expect(leader.node.identity.replica != old)
    #expect(leader.node.membership.voters.count == 2)
    #expect((try? group.propose(write(1))?.get()) != nil)
  }

  @Test("Changes that cannot be are refused, with the reason")
  func refusals() throws {
    let group = try Group.founded(1)
    #expect(group.change(.remove(1)) == .failure(.membershipRefused(.noVoterLeft)))
    let three = try Group.founded(3)
    let leader = try #require(three.leader?.node.identity.replica)
    let other = try #require(three.ids.first { $0 != leader })
    three.with(other) {
      $0.node.changeMembership(
        ConfigurationChange(steps: [.remove(leader)]), 77, at: .epoch, effects: &$0.effects)
    }
    #expect(three[other].memberships[77] == .failure(.notLeader(leader: nil, address: nil)))
  }

  @Test("A learner is demoted from a voter, and no longer counts")
  func demotes() throws {
    let group = try Group.founded(3)
    let leader = try #require(group.leader?.node.identity.replica)
    let other = try #require(group.ids.first { $0 != leader })
    let membership = try group.change(.addLearner(other))?.get()
    #expect(membership?.learners == [other])
    group.settle()
    #expect((try? group.propose(write(1))?.get()) != nil)
    group.run(ticks: 3)
    #expect(group.digests.count == 1)
  }
}
