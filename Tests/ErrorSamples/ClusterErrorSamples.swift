public import AionModel

extension ShardKey {
  public static let sample = ShardKey(database: 1, relation: 16_384, shard: 7)
}

extension ClusterError {
  /// At least one of every case, and of every detail that a case may carry.
  public static let samples: [ClusterError] =
    names + limits + databases + nodes + shards + transactions + versions + sessions
    + service + [.other(sqlState: "0A000", message: "of a later release; upgrade this one")]

  private static let names: [ClusterError] = [
    .invalidName(.database, "", .empty),
    .invalidName(.role, "x", .tooLong(limit: 63)),
    .invalidName(.node, "a\nb", .controlCharacter),
    .invalidName(.endpoint, " a", .surroundingSpace),
    .invalidName(.locale, "", .empty),
  ]

  private static let limits: [ClusterError] = [
    .limitExceeded(.placementsPerShard, asked: 65, allowed: 64),
    .limitExceeded(.shardsPerTransaction, asked: 70_000, allowed: 65_536),
    .limitExceeded(.commandsPerBatch, asked: 70_000, allowed: 65_536),
    .limitExceeded(.commandBatchLength, asked: 9_000_000, allowed: 8_388_608),
    .limitExceeded(.passwordHashLength, asked: 2_000, allowed: 1_024),
  ]

  private static let databases: [ClusterError] = [
    .databaseExists(name: "shop"),
    .unknownDatabase(.id(7)),
    .unknownDatabase(.name("shop")),
    .protectedDatabase(.default, .drop),
    .protectedDatabase(.default, .rename),
  ]

  private static let nodes: [ClusterError] = [
    .unknownNode("node-1"),
    .nodeDown("node-1"),
    .nodeHostsReplicas("node-1", count: 12, example: .sample),
  ]

  private static let shards: [ClusterError] = [
    .unknownShard(.id(7)),
    .unknownShard(.key(.sample)),
    .ambiguousShard(7, tables: [ShardKey.sample.table], count: 2),
    .invalidPlacement(.sample, .empty),
    .invalidPlacement(.sample, .duplicateNode("node-1")),
    .invalidPlacement(.sample, .leaders(count: 2)),
    .invalidPlacement(.sample, .otherShard(8)),
    .placementChanged(
      .sample, expected: [],
      current: [ShardPlacement(shard: 7, node: "node-1", role: .leader)]),
    .tableWithoutShards(ShardKey.sample.table),
    .leaderDown(.sample, leader: "node-1"),
    .quorumLost(.sample, liveVoters: 1, voters: 3),
    .notAReplica(.sample, "node-1"),
    .notAVoter(.sample, "node-1"),
    .staleLeader(.sample, claimed: "node-1", current: "node-2"),
  ]

  private static let transactions: [ClusterError] = [
    .invalidScope(.noShards),
    .invalidScope(.duplicateShard(.sample)),
    .fragmentOutsideScope(label: "scan 3", .shard(.sample)),
    .fragmentOutsideScope(label: "scan 3", .snapshot(4, expected: 5)),
    .unknownTransaction(9),
    .transactionNotActive(9, .committed),
    .participantsOutsideScope(9, nil),
    .participantsOutsideScope(9, .sample),
    .participantWithoutLeader(9, .sample),
    .alreadyDecided(9, recorded: .commit, asked: .abort),
    .notPrepared(9),
    .notDecided(9),
  ]

  private static let versions: [ClusterError] = [
    .preconditionFailed(.catalogVersion(expected: 3, current: 4)),
    .preconditionFailed(.placementEpoch(expected: 3, current: 4)),
    .fragmentOutOfStep(label: "scan 3", .catalogVersion(expected: 3, current: 4)),
    .fragmentOutOfStep(label: "scan 3", .catalogVersion(expected: 4, current: 3)),
    .fragmentOutOfStep(label: "scan 3", .placementEpoch(expected: 3, current: 4)),
    .fragmentOutOfStep(label: "scan 3", .placementEpoch(expected: 4, current: 3)),
    .fragmentTimedOut(label: "scan 3", after: .milliseconds(2_500)),
    .compacted(asked: 3, oldest: 900),
  ]

  private static let sessions: [ClusterError] = [
    .sessionExpired(12),
    .sequenceAnswered(12, 4, answeredBelow: 9),
    .limitExceeded(.unansweredPerSession, asked: 1_025, allowed: 1_024),
    .limitExceeded(.unansweredOutcomesLength, asked: 1_048_577, allowed: 1_048_576),
    .limitExceeded(.databaseIDs, asked: 4_294_967_296, allowed: 4_294_967_295),
  ]

  private static let service: [ClusterError] = [
    .notLeader(leader: nil, address: nil),
    .notLeader(leader: "node-2", address: nil),
    .notLeader(leader: "node-2", address: "10.0.0.2:7400"),
    .busy(.queueFull(limit: 65_536)),
    .busy(.uncommittedBytes(limit: .mebibytes(64))),
    .busy(.transferringLeadership),
    .busy(.fragments(limit: 256)),
    .busy(.fragmentBytes(limit: .mebibytes(64))),
    .unreachable(reason: "10.0.0.2:7400: connection refused"),
    .outcomeUnknown,
    .membershipRefused(.changeInProgress),
    .membershipRefused(.isJoint),
    .membershipRefused(.notJoint),
    .membershipRefused(.noVoterLeft),
    .membershipRefused(.tooManyVotersChanged),
    .membershipRefused(.notAMember(4)),
    .membershipRefused(.notAVoter(4)),
    .membershipRefused(.notIntroduced(4)),
    .membershipRefused(.wasMember(4)),
    .membershipRefused(.lagging(4, matched: 10, committed: 2_000)),
    .cancelled,
    .closed,
    .diskFull(path: "/var/lib/db/log"),
    .storageFailed(path: "/var/lib/db/log", reason: "input/output error"),
  ]
}

extension ClusterError {
  /// How many numbers `kind` gives.
  public static let kinds = 43

  /// A number for each case. A new case does not compile until it has one here, and fails the
  /// tests until it has a sample.
  public var kind: Int {
    switch self {
    case .invalidName: 0
    case .limitExceeded: 1
    case .databaseExists: 2
    case .unknownDatabase: 3
    case .protectedDatabase: 4
    case .unknownNode: 5
    case .nodeDown: 6
    case .nodeHostsReplicas: 7
    case .unknownShard: 8
    case .ambiguousShard: 9
    case .invalidPlacement: 10
    case .placementChanged: 11
    case .tableWithoutShards: 12
    case .leaderDown: 13
    case .quorumLost: 14
    case .notAReplica: 15
    case .notAVoter: 16
    case .staleLeader: 17
    case .invalidScope: 18
    case .fragmentOutsideScope: 19
    case .unknownTransaction: 20
    case .transactionNotActive: 21
    case .participantsOutsideScope: 22
    case .participantWithoutLeader: 23
    case .alreadyDecided: 24
    case .notPrepared: 25
    case .notDecided: 26
    case .preconditionFailed: 27
    case .compacted: 28
    case .notLeader: 29
    case .busy: 30
    case .cancelled: 31
    case .closed: 32
    case .diskFull: 33
    case .storageFailed: 34
    case .outcomeUnknown: 35
    case .membershipRefused: 36
    case .sessionExpired: 37
    case .sequenceAnswered: 38
    case .other: 39
    case .unreachable: 40
    case .fragmentOutOfStep: 41
    case .fragmentTimedOut: 42
    }
  }
}
