import AionModel
import AionPlacement
import Testing

@Suite("Replication status")
struct StatusTests {
  private let status = ReplicationStatusSnapshot(
    of: [
      .voters(["ap-a", "eu-a", "us-a"], learners: ["us-b", "us-c"], number: 2),
      .voters(["eu-a", "ap-a", "stranger"], number: 0),
      .voters(["ap-a", "ap-b", "eu-b"], number: 1),
    ], on: NineNodes.descriptors(down: ["ap-a", "ap-b"]), replicationFactor: 3)

  @Test("The totals count shards and learners")
  func totals() {
    #expect(status.totalShards == 3)
    #expect(status.shardsWithLiveQuorum == 2)
    #expect(status.shardsWithoutLiveQuorum == 1)
    #expect(status.underReplicatedShards == 3)
    #expect(status.shardsWithDownVoters == 3)
    #expect(status.shardsWithLearners == 1)
    #expect(status.learnerReplicas == 2)
    #expect(!status.isFullyReplicated)
  }

  @Test("Shards come in the order of their keys, an unregistered voter counts as live")
  func perShard() throws {
    #expect(status.shards.map(\.shard.shard) == [0, 1, 2])
    let first = try #require(status.shards.first)
    #expect(first.leader == "eu-a")
    #expect([first.voters, first.liveVoters, first.downVoters, first.learners] == [3, 2, 1, 0])
    #expect(first.hasLiveQuorum && first.isUnderReplicated)
    #expect(!status.shards[1].hasLiveQuorum)
  }

  @Test("Nodes come in the order of their ids, those that only placements name included")
  func perNode() throws {
    #expect(status.nodes.map(\.node) == (NineNodes.ids + ["stranger"]).sorted())
    let down = try #require(status.nodes.first { $0.node == "ap-a" })
    #expect([down.leaders, down.voters, down.liveVoters, down.downVoters] == [2, 3, 0, 3])
    let learner = try #require(status.nodes.first { $0.node == "us-b" })
    #expect([learner.voters, learner.learners] == [0, 1])
    let stranger = try #require(status.nodes.first { $0.node == "stranger" })
    #expect(!stranger.isRegistered && stranger.isLive && stranger.liveVoters == 1)
  }
}
