public import AionModel

/// A log that feeds a `ClusterState`, seen from outside: in memory, on disk, or replicated.
///
/// This is all that the three settings differ in. A type that has these four and declares one of
/// the contracts (`MetadataWriter`, `ClusterCatalog`, `TxnCoordinator`, …) gets its methods from
/// the extensions beside this file, so that what a call means is said once.
public protocol CommandProposer: Sendable {
  /// Appends the batch to the log and returns when it has been applied here, as durably as this
  /// log is durable.
  ///
  /// - Throws: The refusal of the state machine, after which nothing has changed; or that of the
  ///   log (`busy`, `notLeader`, `closed`, …). After `cancelled`, `outcomeUnknown` and
  ///   `storageFailed` the change may be made all the same.
  func propose(_ batch: CommandBatch) async throws(ClusterError) -> Applied

  /// Runs `body` on the newest state that was applied here and is known to be committed.
  ///
  /// For one short look: `body` may run under the lock that applying takes.
  func read<Answer: Sendable>(
    _ body: (ClusterSnapshot) throws(ClusterError) -> Answer
  ) async throws(ClusterError) -> Answer

  /// The newest state that was applied here and is known to be committed, to keep and to read from
  /// at leisure.
  func snapshot() async throws(ClusterError) -> ClusterSnapshot

  /// The wall clock, for commands that carry a time.
  var now: WallTime { get }
}

extension CommandProposer {
  public func propose(_ command: Command) async throws(ClusterError) -> Applied {
    try await propose(CommandBatch(command))
  }

  /// Proposes a command and returns what it answered beyond the versions.
  func outcome(of command: Command) async throws(ClusterError) -> CommandOutcome {
    let applied = try await propose(command)
    guard let outcome = applied.outcomes.first else {
      preconditionFailure("no outcome of one command at index \(applied.index)")
    }
    return outcome
  }

  /// - Throws: `unknownShard`, `ambiguousShard`.
  func key(of shard: ShardReference) async throws(ClusterError) -> ShardKey {
    if case .key(let key) = shard { return key }
    return try await read { snapshot throws(ClusterError) in
      guard let key = try snapshot.key(of: shard) else { throw .unknownShard(shard) }
      return key
    }
  }
}
