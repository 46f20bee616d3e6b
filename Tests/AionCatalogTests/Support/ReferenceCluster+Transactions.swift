import AionCatalog
import AionModel

extension ReferenceCluster {
  mutating func applyToTransactions(
    _ command: Command, at index: UInt64
  ) throws(ClusterError) -> CommandOutcome {
    switch command {
    case .beginTxn(let scope):
      if case .readOnlyMultiShard = scope { try check(scope.shards) }
      if case .multiShardWrite = scope { try check(scope.shards) }
      lastTxn += 1
      txns.append(TxnRecord(id: TxnID(lastTxn), scope: scope))
      return .began(TxnID(lastTxn))
    case .allocateReadSnapshot(let shards):
      try check(shards)
      return .allocated(SnapshotTimestamp(index))
    case .prepareTxn(let id, let participants): try prepare(id, participants)
    case .decideTxn(let id, let decision):
      let place = try place(of: id)
      let asked: TxnRecordStatus = decision == .commit ? .committed : .aborted
      if let decided = txns[place].decidedAt, let recorded = txns[place].decision {
        if txns[place].status == asked { return .decided(decided) }
        throw .alreadyDecided(id, recorded: recorded, asked: decision)
      }
      if case .multiShardWrite = txns[place].scope, decision == .commit,
        txns[place].status == .active
      {
        throw .notPrepared(id)
      }
      txns[place].status = asked
      txns[place].decidedAt = SnapshotTimestamp(index)
      return .decided(SnapshotTimestamp(index))
    case .forgetTxn(let id):
      let place = try place(of: id)
      if txns[place].decision == nil { throw .notDecided(id) }
      txns.remove(at: place)
    case .openSession:
      if sessions.count == Limits.sessions {
        let oldest = sessions.min { ($0.lastUsed, $0.id) < ($1.lastUsed, $1.id) }
        sessions.removeAll { $0.id == oldest?.id }
      }
      lastSession += 1
      sessions.append(ReferenceSession(id: SessionID(lastSession), lastUsed: index))
      return .opened(SessionID(lastSession))
    case .closeSession(let id): sessions.removeAll { $0.id == id }
    default: break
    }
    return .done
  }

  private mutating func prepare(
    _ id: TxnID, _ participants: [TxnParticipant]
  ) throws(ClusterError) {
    let place = try place(of: id)
    let sorted = participants.sorted { $0.shard < $1.shard }
    let recorded = txns[place].participants
    if txns[place].status != .active {
      let isSame =
        sorted.map(\.shard) == recorded.map(\.shard)
        && zip(sorted, recorded).allSatisfy { $0.leader == nil || $0.leader == $1.leader }
      if txns[place].status == .prepared, isSame { return }
      throw .transactionNotActive(id, txns[place].status)
    }
    let scope = txns[place].scope.shards
    let named = sorted.map(\.shard)
    if let twice = named.first(where: { key in named.filter { $0 == key }.count > 1 }) {
      throw .participantsOutsideScope(id, twice)
    }
    if let stranger = named.first(where: { !scope.contains($0) }) {
      throw .participantsOutsideScope(id, stranger)
    }
    if named.count < scope.count { throw .participantsOutsideScope(id, nil) }
    var led: [TxnParticipant] = []
    for participant in sorted {
      let current = shards.first { $0.key == participant.shard }?.placements
        .first { $0.role == .leader }?.node
      guard let leader = participant.leader ?? current else {
        throw .participantWithoutLeader(id, participant.shard)
      }
      if let current, current != leader {
        throw .staleLeader(participant.shard, claimed: leader, current: current)
      }
      led.append(TxnParticipant(shard: participant.shard, leader: leader))
    }
    txns[place].participants = led
    txns[place].status = .prepared
  }

  private func check(_ shards: [ShardKey]) throws(ClusterError) {
    if shards.isEmpty { throw .invalidScope(.noShards) }
    if let twice = shards.sorted().first(where: { key in shards.filter { $0 == key }.count > 1 }) {
      throw .invalidScope(.duplicateShard(twice))
    }
  }

  private func place(of id: TxnID) throws(ClusterError) -> Int {
    guard let place = txns.firstIndex(where: { $0.id == id }) else {
      throw .unknownTransaction(id)
    }
    return place
  }
}
