import AionCatalog
import AionModel
import Testing

@Suite("Transferring leadership")
struct LeadershipCommandTests {
  var machine = Machine()
  let key = ShardKey(database: 1, relation: 7, shard: 0)

  init() throws {
    try machine.apply(
      .upsertNode("a"), .upsertNode("b"), .upsertNode("c"), .upsertNode("d"),
      .upsertShard(key, .leader("a"), .follower("b"), .follower("c"), .learner("d")))
  }

  @Test("The target leads, the leader follows, learners stay; all are stamped anew")
  mutating func transfer() throws {
    #expect(try machine.bumps(of: .transferLeadership(key, to: "b")) == [.placement, .state])
    let epoch = machine.snapshot.placementEpoch
    let shard = try #require(machine.snapshot.shard(key))
    #expect(shard.placements.map(\.role) == [.follower, .leader, .follower, .learner])
    #expect(shard.placements.map(\.leaseEpoch) == [epoch, epoch, epoch, epoch])
  }

  @Test("To the one who leads already, it changes nothing")
  mutating func transferToLeader() throws {
    #expect(try machine.bumps(of: .transferLeadership(key, to: "a")) == .nothing)
  }

  @Test("The leader may be down, as long as a quorum is live")
  mutating func failover() throws {
    try machine.apply(.markNode("a", live: false))
    try machine.apply(.transferLeadership(key, to: "c"))
    #expect(machine.snapshot.shard(key)?.leader?.node == "c")
  }

  @Test("A node that is not registered gets the benefit of the doubt")
  mutating func unregistered() throws {
    let other = ShardKey(database: 1, relation: 8, shard: 0)
    try machine.apply(.upsertShard(other, .leader("x"), .follower("y")))
    try machine.apply(.transferLeadership(other, to: "y"))
    #expect(machine.snapshot.shard(other)?.leader?.node == "y")
  }

  @Test("Refusals come in their order: shard, quorum, replica, vote, liveness")
  mutating func refusals() throws {
    let unknown = ShardKey(database: 9, relation: 9, shard: 9)
    #expect(
      machine.refusal(of: .transferLeadership(unknown, to: "a")) == .unknownShard(.key(unknown)))
    #expect(machine.refusal(of: .transferLeadership(key, to: "x")) == .notAReplica(key, "x"))
    #expect(machine.refusal(of: .transferLeadership(key, to: "d")) == .notAVoter(key, "d"))
    try machine.apply(.markNode("b", live: false))
    #expect(machine.refusal(of: .transferLeadership(key, to: "b")) == .nodeDown("b"))
    try machine.apply(.markNode("c", live: false))
    let quorumLost = ClusterError.quorumLost(key, liveVoters: 1, voters: 3)
    for node in ["a", "b", "d", "x"] as [NodeID] {
      #expect(machine.refusal(of: .transferLeadership(key, to: node)) == quorumLost)
    }
  }

  @Test("A learner that is down does not count against the quorum, one that lives not for it")
  mutating func learnersDoNotVote() throws {
    try machine.apply(.markNode("d", live: false))
    try machine.apply(.transferLeadership(key, to: "b"))
    try machine.apply(
      .markNode("d", live: true), .markNode("a", live: false), .markNode("c", live: false))
    #expect(
      machine.refusal(of: .transferLeadership(key, to: "b"))
        == .quorumLost(key, liveVoters: 1, voters: 3))
  }
}
