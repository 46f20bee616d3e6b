import AionModel

extension ClusterState {
  mutating func begin(_ scope: TxnScope) throws(ClusterError) -> CommandOutcome {
    switch scope {
    case .local, .singleShard: break
    case .readOnlyMultiShard(_, let shards), .multiShardWrite(_, let shards):
      try checkScope(shards)
    }
    let id = TxnID(snapshot.lastTxnID.rawValue + 1)
    snapshot.lastTxnID = id
    put(TxnRecord(id: id, scope: scope))
    return .began(id)
  }

  /// Remembers nothing: the index of the entry is the timestamp.
  func allocateReadSnapshot(
    _ shards: [ShardKey], at index: LogIndex
  ) throws(ClusterError) -> CommandOutcome {
    try checkScope(shards)
    return .allocated(SnapshotTimestamp(index))
  }

  mutating func prepare(
    _ txn: TxnID, _ participants: [TxnParticipant]
  ) throws(ClusterError) {
    var record = try requireRecord(txn)
    let sorted = participants.sorted { $0.shard < $1.shard }
    guard record.status == .active else {
      guard record.status == .prepared, matches(sorted, record.participants) else {
        throw .transactionNotActive(txn, record.status)
      }
      return
    }
    try checkScope(of: record, covers: sorted)
    var led: [TxnParticipant] = []
    led.reserveCapacity(sorted.count)
    for participant in sorted { led.append(try withLeader(participant, of: txn)) }
    record.participants = led
    record.status = .prepared
    put(record)
  }

  mutating func decide(
    _ txn: TxnID, _ decision: TxnDecision, at index: LogIndex
  ) throws(ClusterError) -> CommandOutcome {
    var record = try requireRecord(txn)
    if let recorded = record.decision {
      guard recorded == decision, let decidedAt = record.decidedAt else {
        throw .alreadyDecided(txn, recorded: recorded, asked: decision)
      }
      return .decided(decidedAt)
    }
    if decision == .commit, case .multiShardWrite = record.scope, record.status != .prepared {
      throw .notPrepared(txn)
    }
    record.status = decision == .commit ? .committed : .aborted
    record.decidedAt = SnapshotTimestamp(index)
    put(record)
    return .decided(SnapshotTimestamp(index))
  }

  mutating func forget(_ txn: TxnID) throws(ClusterError) {
    let record = try requireRecord(txn)
    guard record.status.isDecided else { throw .notDecided(txn) }
    remove(record)
  }

  private func requireRecord(_ txn: TxnID) throws(ClusterError) -> TxnRecord {
    guard let record = snapshot.record(txn) else { throw .unknownTransaction(txn) }
    return record
  }

  private func checkScope(_ shards: [ShardKey]) throws(ClusterError) {
    guard !shards.isEmpty else { throw .invalidScope(.noShards) }
    guard shards.count <= Limits.shardsPerTransaction else {
      throw .limitExceeded(
        .shardsPerTransaction, asked: shards.count, allowed: Limits.shardsPerTransaction)
    }
    if let twice = firstRepeated(shards.sorted()) { throw .invalidScope(.duplicateShard(twice)) }
  }

  /// The participants are the shards of the scope, each once.
  private func checkScope(
    of record: TxnRecord, covers participants: [TxnParticipant]
  ) throws(ClusterError) {
    let named = participants.map(\.shard)
    if let twice = firstRepeated(named) { throw .participantsOutsideScope(record.id, twice) }
    let scope = record.scope.shards.sorted()
    if let stranger = named.first(where: { !contains($0, in: scope) }) {
      throw .participantsOutsideScope(record.id, stranger)
    }
    guard named.count == scope.count else { throw .participantsOutsideScope(record.id, nil) }
  }

  /// The leader of a shard that the catalog knows must be the one that it knows; of others the
  /// coordinator must name one.
  private func withLeader(
    _ participant: TxnParticipant, of txn: TxnID
  ) throws(ClusterError) -> TxnParticipant {
    let current = snapshot.shard(participant.shard)?.leader?.node
    guard let leader = participant.leader ?? current else {
      throw .participantWithoutLeader(txn, participant.shard)
    }
    if let current, leader != current {
      throw .staleLeader(participant.shard, claimed: leader, current: current)
    }
    return TxnParticipant(shard: participant.shard, leader: leader)
  }

  private func matches(_ asked: [TxnParticipant], _ recorded: [TxnParticipant]) -> Bool {
    asked.count == recorded.count
      && zip(asked, recorded).allSatisfy { asked, recorded in
        asked.shard == recorded.shard && (asked.leader == nil || asked.leader == recorded.leader)
      }
  }
}

private func firstRepeated(_ sorted: [ShardKey]) -> ShardKey? {
  zip(sorted, sorted.dropFirst()).first { $0 == $1 }?.0
}

private func contains(_ key: ShardKey, in sorted: [ShardKey]) -> Bool {
  var low = 0
  var high = sorted.count
  while low < high {
    let middle = (low + high) / 2
    if sorted[middle] < key { low = middle + 1 } else { high = middle }
  }
  return low < sorted.count && sorted[low] == key
}
