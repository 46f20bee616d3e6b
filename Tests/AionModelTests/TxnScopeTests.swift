import AionModel
import Testing

@Suite("A fragment and the transaction that it claims to belong to")
struct TxnScopeTests {
  private let first = ShardKey(database: 1, relation: 10, shard: 1)
  private let second = ShardKey(database: 1, relation: 10, shard: 2)
  private let foreign = ShardKey(database: 1, relation: 11, shard: 1)

  private func refusal(
    _ scope: TxnScope, _ shard: ShardKey?, _ snapshot: SnapshotTimestamp?
  ) -> ClusterError? {
    do throws(ClusterError) {
      try scope.validateFragment(label: "scan 3", shard: shard, snapshot: snapshot)
      return nil
    } catch {
      return error
    }
  }

  private func outside(_ shard: ShardKey) -> ClusterError {
    .fragmentOutsideScope(label: "scan 3", .shard(shard))
  }

  @Test("A local scope accepts everything")
  func local() {
    #expect(refusal(.local, foreign, 9) == nil)
    #expect(refusal(.local, nil, nil) == nil)
  }

  @Test("A single shard accepts itself, at any snapshot, and no other")
  func singleShard() {
    let scope = TxnScope.singleShard(first)
    #expect(refusal(scope, first, nil) == nil && refusal(scope, first, 9) == nil)
    #expect(refusal(scope, second, nil) == outside(second))
    #expect(refusal(scope, foreign, nil) == outside(foreign))
  }

  @Test("A read of several shards accepts its shards at its own snapshot")
  func readOnly() {
    let scope = TxnScope.readOnlyMultiShard(snapshot: 5, shards: [first, second])
    #expect(refusal(scope, first, 5) == nil && refusal(scope, second, nil) == nil)
    #expect(refusal(scope, foreign, 5) == outside(foreign))
    for snapshot in [4, 6] as [SnapshotTimestamp] {
      #expect(
        refusal(scope, first, snapshot)
          == .fragmentOutsideScope(label: "scan 3", .snapshot(snapshot, expected: 5)))
    }
  }

  @Test("A write of several shards accepts its shards at any snapshot")
  func multiShardWrite() {
    let scope = TxnScope.multiShardWrite(coordinator: "a", shards: [first, second])
    #expect(refusal(scope, second, 9) == nil)
    #expect(refusal(scope, foreign, nil) == outside(foreign))
  }

  @Test("What a fragment leaves out is accepted")
  func absent() {
    for scope in [
      TxnScope.singleShard(first), .readOnlyMultiShard(snapshot: 5, shards: [first]),
      .multiShardWrite(coordinator: "a", shards: [first]),
    ] {
      #expect(refusal(scope, nil, nil) == nil)
    }
  }

  @Test("A scope lists its shards in the order given")
  func shards() {
    #expect(TxnScope.local.shards == [] && TxnScope.singleShard(first).shards == [first])
    let write = TxnScope.multiShardWrite(coordinator: "a", shards: [second, first])
    #expect(write.shards == [second, first])
  }

  @Test(
    "A record's decision follows from its status",
    arguments: [
      (TxnRecordStatus.active, nil), (.prepared, nil), (.committed, .commit), (.aborted, .abort),
    ] as [(TxnRecordStatus, TxnDecision?)])
  func decision(status: TxnRecordStatus, decision: TxnDecision?) {
    #expect(TxnRecord(id: 1, scope: .local, status: status).decision == decision)
    #expect(status.isDecided == (decision != nil))
  }
}
