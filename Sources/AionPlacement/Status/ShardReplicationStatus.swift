public import AionModel

/// How well one shard is replicated.
public struct ShardReplicationStatus: Hashable, Sendable {
  public let shard: ShardKey
  /// nil when the descriptor names none.
  public let leader: NodeID?
  public let voters: Int
  public let liveVoters: Int
  public let learners: Int
  public let hasLiveQuorum: Bool
  /// Fewer live voters than the replication factor.
  public let isUnderReplicated: Bool

  public var downVoters: Int { voters - liveVoters }

  init(shard: ShardDescriptor, tally: ShardTally, isUnderReplicated: Bool) {
    self.shard = shard.key
    leader = shard.leader?.node
    voters = tally.voters
    liveVoters = tally.liveVoters
    learners = tally.learners
    hasLiveQuorum = tally.hasLiveQuorum
    self.isUnderReplicated = isUnderReplicated
  }
}
