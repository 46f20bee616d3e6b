/// Distributed transactions: what they touch and how they end.
public protocol TxnCoordinator: Sendable {
  /// - Throws: `invalidScope`.
  func begin(_ scope: TxnScope) async throws(ClusterError) -> TxnID
  /// A read-only scope at the log index of its allocation.
  ///
  /// - Throws: `invalidScope` when `shards` is empty or names one twice.
  func allocateReadSnapshot(_ shards: [ShardKey]) async throws(ClusterError) -> TxnScope
  /// Remembers who takes part. Preparing again with the same participants is fine.
  ///
  /// - Throws: `unknownTransaction`, `transactionNotActive`, `participantsOutsideScope`,
  ///   `participantWithoutLeader`, `staleLeader`.
  func prepare(
    _ txn: TxnID, participants: [TxnParticipant]
  ) async throws(ClusterError)
  /// Records the decision. The same decision again is fine.
  ///
  /// - Returns: The timestamp of the (first) decision.
  /// - Throws: `unknownTransaction`, `alreadyDecided`, `notPrepared`.
  @discardableResult
  func decide(
    _ txn: TxnID, _ decision: TxnDecision
  ) async throws(ClusterError) -> SnapshotTimestamp
  /// `decide(txn, .abort)`
  @discardableResult
  func abort(_ txn: TxnID) async throws(ClusterError) -> SnapshotTimestamp
  /// Removes a decided transaction's record, so that the state stays bounded.
  ///
  /// - Throws: `unknownTransaction`, `notDecided`.
  func forget(_ txn: TxnID) async throws(ClusterError)
  /// nil when it is unknown or forgotten.
  func record(_ txn: TxnID) async throws(ClusterError) -> TxnRecord?
  /// What a coordinator must finish after a restart, in the order of their ids.
  func undecided() async throws(ClusterError) -> [TxnRecord]
}

extension TxnCoordinator {
  /// `decide(txn, .abort)`
  @discardableResult
  public func abort(_ txn: TxnID) async throws(ClusterError) -> SnapshotTimestamp {
    try await decide(txn, .abort)
  }
}
