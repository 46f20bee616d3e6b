/// The limits of what the replicated state holds. All replicas must agree on them, so they are
/// constants of a release; limits of one process (queues, segment sizes) are configuration.
public struct Limits: Sendable {
  /// Bytes in the name of a database or a role, as in PostgreSQL (`NAMEDATALEN` - 1).
  public static let nameLength = ByteCount(63)
  /// Bytes in a node's identity.
  public static let nodeIDLength = ByteCount(255)
  /// Bytes in a node's RPC endpoint.
  public static let endpointLength = ByteCount(1_024)
  /// Bytes in the hash of a role's password.
  public static let passwordHashLength = ByteCount(1_024)
  /// Placements of one shard, learners included.
  public static let placementsPerShard = 64
  /// Shards that one transaction scope names.
  public static let shardsPerTransaction = 65_536
  /// Commands that apply as one.
  public static let commandsPerBatch = 65_536
  /// Sessions of clients; opening one more ends the one that was not used for the longest time.
  public static let sessions = 16_384
  /// How far a session's sequence may be ahead of the oldest unanswered one.
  public static let unansweredPerSession = 1_024
  /// Bytes of outcomes that a session may have kept before it gets to keep one more.
  public static let unansweredOutcomesLength = ByteCount.mebibytes(1)
  /// Bytes of one encoded command batch: the payload of a log entry.
  public static let commandBatchLength = ByteCount.mebibytes(8)
}
