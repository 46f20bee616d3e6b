public import AionModel

extension TxnCoordinator where Self: CommandProposer {
  public func begin(_ scope: TxnScope) async throws(ClusterError) -> TxnID {
    let outcome = try await outcome(of: .beginTxn(scope))
    guard case .began(let txn) = outcome else { preconditionFailure("begin answered \(outcome)") }
    return txn
  }

  public func allocateReadSnapshot(
    _ shards: [ShardKey]
  ) async throws(ClusterError) -> TxnScope {
    let outcome = try await outcome(of: .allocateReadSnapshot(shards))
    guard case .allocated(let snapshot) = outcome else {
      preconditionFailure("allocating a read snapshot answered \(outcome)")
    }
    return .readOnlyMultiShard(snapshot: snapshot, shards: shards)
  }

  public func prepare(
    _ txn: TxnID, participants: [TxnParticipant]
  ) async throws(ClusterError) {
    _ = try await propose(.prepareTxn(txn, participants: participants))
  }

  @discardableResult
  public func decide(
    _ txn: TxnID, _ decision: TxnDecision
  ) async throws(ClusterError) -> SnapshotTimestamp {
    let outcome = try await outcome(of: .decideTxn(txn, decision))
    guard case .decided(let timestamp) = outcome else {
      preconditionFailure("\(decision) answered \(outcome)")
    }
    return timestamp
  }

  public func forget(_ txn: TxnID) async throws(ClusterError) {
    _ = try await propose(.forgetTxn(txn))
  }

  public func record(_ txn: TxnID) async throws(ClusterError) -> TxnRecord? {
    try await read { $0.record(txn) }
  }

  public func undecided() async throws(ClusterError) -> [TxnRecord] {
    try await read { $0.undecided() }
  }
}
