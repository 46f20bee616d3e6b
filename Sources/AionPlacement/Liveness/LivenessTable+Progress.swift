public import AionModel

extension LivenessTable {
  /// The learners that are caught up: those that have applied what the leader of their shard had
  /// applied when it last reported before them.
  ///
  /// Both reports count only while their nodes are watched and live, so what a learner is asked for
  /// is never older than the leader's time to live; a learner of a shard whose leader reports
  /// nothing is never caught up. Without the words "before them" a learner that follows its leader
  /// closely, and reports a moment before it, would never be.
  public func caughtUpLearners(among shards: [ShardDescriptor]) -> Set<ReplicaCatchupKey> {
    var keys: Set<ReplicaCatchupKey> = []
    for shard in shards {
      guard let leader = shard.leader, let target = reports(of: leader.node) else { continue }
      for placement in shard.placements where placement.role == .learner {
        guard let own = reports(of: placement.node)?.newest,
          let reached = own.progress.position(in: shard.key),
          let asked = target.report(by: own.time)?.progress.position(in: shard.key),
          reached.hasReached(asked)
        else { continue }
        keys.insert(ReplicaCatchupKey(shard: shard.key, node: placement.node))
      }
    }
    return keys
  }

  /// How far a node is in the log that all shards have in common, as it told last.
  public func applied(of node: NodeID) -> ApplyPosition? {
    reports(of: node)?.newest?.progress.applied
  }
}
