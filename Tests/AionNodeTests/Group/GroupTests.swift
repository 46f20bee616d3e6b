import AionCatalog
import AionLog
import AionModel
import AionNode
import AionRaft
import Testing

@Suite("A group of replicas")
struct GroupTests {
  @Test("Founders choose one leader, and what it acknowledges all of them apply", arguments: 1...7)
  func replicates(count: Int) throws {
    let group = try Group.founded(count)
    let leader = try #require(group.leader)
    for number in 1...20 { #expect((try? group.propose(write(number))?.get()) != nil) }
    group.run(ticks: 3)
    #expect(leader.snapshot.roles().count == 20)
    #expect(group.digests.count == 1)
    #expect(Set(group.ids.map { group[$0].status.term }).count == 1)
    #expect(group.ids.allSatisfy { group[$0].status.leader == leader.node.identity.replica })
  }

  @Test("A replica that does not lead refuses, with the leader's name and address")
  func refuses() throws {
    let group = try Group.founded(3)
    let leader = try #require(group.leader?.node.identity.replica)
    let other = try #require(group.ids.first { $0 != leader })
    group[other].node.names[leader] = PeerName(node: "node-x", address: "x:1")
    let name = group.submit(write(1), at: other)
    #expect(
      group[other].outcomes[name] == .failure(.notLeader(leader: "node-x", address: "x:1")))
  }

  @Test("Everyone crashes; what was acknowledged is there, and the group goes on")
  func restartOfAll() throws {
    let group = try Group.founded(3)
    for number in 1...30 { #expect((try? group.propose(write(number))?.get()) != nil) }
    for id in group.ids { group.crash(id) }
    for id in [1, 2, 3] as [ReplicaID] { try group.open(id, .bootstrap([1, 2, 3])) }
    group.settle()
    #expect((try? group.propose(write(31))?.get()) != nil)
    group.run(ticks: 3)
    #expect(group.digests.count == 1)
    #expect(group[1].snapshot.roles().count == 31)
  }

  @Test("A directory that began with other founders is refused, with both lists")
  func otherFounders() throws {
    let group = try Group.founded(3)
    group.crash(2)
    do throws(NodeFault) {
      try group.open(2, .bootstrap([1, 2, 4]))
      Issue.record("opened with other founders")
    } catch {
      #expect(error == .otherFounders(found: [1, 2, 3], expected: [1, 2, 4]))
    }
    try group.open(2, .bootstrap([3, 2, 1]))
  }

  @Test("A founder that its list does not name is refused")
  func notNamed() throws {
    do throws(NodeFault) {
      try Group().open(3, .bootstrap([1, 2]))
      Issue.record("opened as a founder of a group that does not name it")
    } catch {
      #expect(error == .notAFounder(3, founders: [1, 2]))
    }
  }

  @Test("What waits when the leadership is lost has an unknown outcome, and never a failed one")
  func outcomeUnknown() throws {
    let group = try Group.founded(3)
    let old = try #require(group.leader?.node.identity.replica)
    // The others get the entries, and the leader never hears of it.
    group.loses = { $0.to == old }
    let name = group.submit(write(1), at: old)
    group.run(ticks: 60)
    #expect(group[old].outcomes[name] == .failure(.outcomeUnknown))
    group.heal()
    group.settle()
    #expect(group[old].snapshot.role(named: "role-1") != nil, "it was committed after all")
    #expect(group.digests.count == 1)
  }

  @Test("Leadership is handed over on request")
  func transfer() throws {
    let group = try Group.founded(3)
    let old = try #require(group.leader?.node.identity.replica)
    let target = try #require(group.ids.first { $0 != old })
    group.with(old) { member in
      #expect(throws: Never.self) {
        try member.node.transferLeadership(to: target, effects: &member.effects)
      }
    }
    group.run(ticks: 1)
    #expect(group.leader?.node.identity.replica == target)
    #expect(group[old].leadership?.role == .follower)
  }
}
