import AionCatalog
import AionLog
import AionModel
import AionNode
import AionRaft
import Testing

@Suite("Reads of a group")
struct GroupReadTests {
  @Test("A read at any replica shows every write that was acknowledged before it")
  func shows() throws {
    let group = try Group.founded(3)
    let leader = try #require(group.leader?.node.identity.replica)
    for id in group.ids {
      // Nobody else hears of the commit before the read asks for it.
      let name = group.submit(write(Int(id.rawValue)), at: leader)
      while group[leader].outcomes[name] == nil, group.deliverOne() {}
      let acknowledged = try #require(try group[leader].outcomes[name]?.get())
      group.network.removeAll { $0.to == id && id != leader }
      group.with(id) { $0.node.read(ReadID(9), effects: &$0.effects) }
      group.run(ticks: 3)
      guard case .ready(9, let index)? = group[id].reads.last else {
        Issue.record("replica \(id) did not answer: \(group[id].reads)")
        continue
      }
      #expect(index >= acknowledged.index)
      #expect(group[id].snapshot.role(named: "role-\(id)") != nil)
    }
  }

  @Test("A leader that is cut off answers no read, and says so once it knows")
  func staleLeader() throws {
    let group = try Group.founded(3)
    let old = try #require(group.leader?.node.identity.replica)
    group.isolate([old])
    group.with(old) { $0.node.read(1, effects: &$0.effects) }
    group.run(ticks: 60)
    #expect((try? group.propose(write(1))?.get()) != nil)
    group.heal()
    group.settle()
    guard case .failed(1, .notLeader)? = group[old].reads.first, group[old].reads.count == 1 else {
      Issue.record("\(group[old].reads)")
      return
    }
  }

  @Test("Checklist 52: an answer to a read of an earlier life answers none of this one's")
  func earlierLife() throws {
    let group = try Group.founded(3)
    let leader = try #require(group.leader?.node.identity.replica)
    let other = try #require(group.ids.first { $0 != leader })
    group.with(other) { $0.node.read(1, effects: &$0.effects) }
    var late: [Envelope] = []
    group.loses = { envelope in
      guard envelope.to == other, case .raft(let message) = envelope.body,
        case .readIndexReply = message.body
      else { return false }
      late.append(envelope)
      return true
    }
    group.run(ticks: 3)
    #expect(late.count == 1)
    group.heal()
    group.crash(other)
    try group.open(other, .bootstrap([1, 2, 3]))
    group.run(ticks: 3)
    group.isolate([other])
    group.with(other) { $0.node.read(1, effects: &$0.effects) }
    for envelope in late { group.with(other) { $0.node.receive(envelope, effects: &$0.effects) } }
    #expect(group[other].reads.isEmpty)
  }

  @Test("A read whose answer is lost fails after a while and holds no room")
  func lost() throws {
    let group = try Group.founded(3)
    let leader = try #require(group.leader?.node.identity.replica)
    let other = try #require(group.ids.first { $0 != leader })
    group.loses = { envelope in
      guard case .raft(let message) = envelope.body, case .readIndexReply = message.body else {
        return false
      }
      return true
    }
    group.with(other) { $0.node.read(1, effects: &$0.effects) }
    group.run(ticks: 40)
    guard case .failed(1, .notLeader)? = group[other].reads.first else {
      Issue.record("\(group[other].reads)")
      return
    }
  }
}
