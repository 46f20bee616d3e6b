import AionModel

extension ClusterState {
  /// Removes a run of shards: a table's or a database's.
  mutating func remove(_ run: OrderedTree<ShardKey, ShardDescriptor>.Elements) {
    guard let first = run.first?.key, let last = run.last?.key else { return }
    var removed: [NodeID: ReplicaCounts] = [:]
    for (_, shard) in run {
      discount(shard)
      for placement in shard.placements {
        removed[placement.node, default: ReplicaCounts()].count(placement.role, by: 1)
      }
    }
    for (node, counts) in removed.sorted(by: { $0.key < $1.key }) {
      setCounts(snapshot.replicaCounts(on: node) - counts, on: node)
    }
    removeRecords(of: run, in: first...last)
    effects.changedCatalog = true
    effects.changedPlacement = true
  }

  /// One by one where they are few; where they are many, building anew from what stays is cheaper,
  /// and keeps a replica that drops a large database from falling silent.
  private mutating func removeRecords(
    of run: OrderedTree<ShardKey, ShardDescriptor>.Elements, in keys: ClosedRange<ShardKey>
  ) {
    if run.count * 8 < snapshot.shardCount {
      for (key, _) in run {
        snapshot.shardRecords.removeValue(forKey: key)
        snapshot.shardPlaces.removeValue(forKey: ShardPlace(key))
      }
    } else {
      snapshot.shardRecords = snapshot.shardRecords.filter { !keys.contains($0) }
      snapshot.shardPlaces = snapshot.shardPlaces.filter { !keys.contains($0.key) }
    }
  }
}
