public import AionModel

extension ClusterSnapshot {
  /// The leader of every shard of the table, in shard order.
  ///
  /// - Throws: `leaderDown`, `quorumLost` for the first shard that cannot be read.
  public func resolveReadShards(of table: TableKey) throws(ClusterError) -> [ShardPlacement] {
    var leaders: [ShardPlacement] = []
    for (_, shard) in run(of: table) {
      leaders.append(try routableLeader(of: shard))
    }
    return leaders
  }

  /// The leader of the shard that holds `key`: FNV-1a-64(key) mod the number of shards, counted in
  /// shard order.
  ///
  /// - Throws: `tableWithoutShards`, `leaderDown`, `quorumLost`.
  public func resolveWriteShard(
    of table: TableKey, key: [UInt8]
  ) throws(ClusterError) -> ShardPlacement {
    let run = run(of: table)
    guard !run.isEmpty else { throw .tableWithoutShards(table) }
    let number = Int(fnv1a(key) % UInt64(run.count))
    return try routableLeader(of: run[run.startIndex + number].value)
  }

  /// nil for an unknown shard.
  ///
  /// - Throws: `ambiguousShard`, `leaderDown`, `quorumLost`.
  public func leader(of reference: ShardReference) throws(ClusterError) -> ShardPlacement? {
    guard let key = try key(of: reference), let shard = shardRecords[key] else { return nil }
    return try routableLeader(of: shard)
  }

  /// nil for an unknown shard; else as `leader(of:)`.
  public func currentLease(of reference: ShardReference) throws(ClusterError) -> EpochLease? {
    guard let key = try key(of: reference), let shard = shardRecords[key] else { return nil }
    let leader = try routableLeader(of: shard)
    return EpochLease(shard: key, leader: leader.node, epoch: leader.leaseEpoch)
  }

  private func routableLeader(of shard: ShardDescriptor) throws(ClusterError) -> ShardPlacement {
    guard let leader = shard.leader else {
      preconditionFailure("\(shard.key) has no leader: \(shard.placements)")
    }
    guard isLive(leader.node) else { throw .leaderDown(shard.key, leader: leader.node) }
    try requireLiveQuorum(of: shard)
    return leader
  }

  /// - Throws: `quorumLost` unless more than half of the shard's voters are live.
  package func requireLiveQuorum(of shard: ShardDescriptor) throws(ClusterError) {
    var voters = 0
    var live = 0
    for placement in shard.placements where placement.role.isVoting {
      voters += 1
      if isLive(placement.node) { live += 1 }
    }
    guard live >= voters / 2 + 1 else {
      throw .quorumLost(shard.key, liveVoters: live, voters: voters)
    }
  }
}
