public import AionModel

// Raft §7.

extension RaftCore {
  /// A snapshot of the state machine is durable and may be sent to followers.
  public mutating func snapshotTaken(_ metadata: SnapshotMetadata) {
    guard metadata.position.index > snapshot.position.index,
      metadata.position.index <= log.applied
    else { return }
    snapshot = metadata
  }

  /// Forgets the entries up to an index, which a snapshot covers. Beyond the newest snapshot and
  /// what is applied, nothing is forgotten. Entries that are kept let a slow follower catch up
  /// without a snapshot; those behind `oldestSnapshotOnItsWay` spare one a second snapshot.
  public mutating func compact(through index: LogIndex) {
    log.compact(through: min(index, snapshot.position.index, log.applied))
  }

  /// The oldest snapshot that a follower was sent and has not acknowledged, on a leader. Followers
  /// that have not been heard from since the last check of the quorum hold nothing.
  public var oldestSnapshotOnItsWay: LogIndex? {
    leaderState?.progress.compactMap { progress in
      guard progress.isActive, case .installing(let index) = progress.phase else { return nil }
      return index
    }.min()
  }

  mutating func sendSnapshot(to follower: ReplicaID) -> Bool {
    guard progress(of: follower)?.isActive == true else { return false }
    let metadata = log.incoming ?? snapshot
    // A member does not install a snapshot from before it became one.
    guard metadata.position.index > .zero, metadata.membership.contains(follower) else {
      wantsSnapshot = true
      return false
    }
    updateProgress(of: follower) { $0.install(metadata.position.index) }
    send(.snapshot(term, metadata), to: follower)
    return true
  }

  mutating func handleSnapshot(_ leader: ReplicaID, _ metadata: SnapshotMetadata) {
    let reached = restore(metadata) ? log.last.index : log.committed
    sendAfterSync(.appendReply(term, .matched(reached)), to: leader)
  }

  /// Tells whether the snapshot replaces the log; one that is not newer than the commit index, or
  /// that the log already agrees with, does not.
  private mutating func restore(_ metadata: SnapshotMetadata) -> Bool {
    guard metadata.position.index > log.committed, metadata.membership.contains(id) else {
      return false
    }
    if log.entries.matches(metadata.position) {
      log.commit(to: metadata.position.index)
      return false
    }
    log.restore(metadata)
    agreed = .zero
    snapshot = metadata
    membership = metadata.membership
    return true
  }

  /// After a delivery, the follower's own answer is awaited; after a failure, its next heartbeat.
  mutating func handleSnapshotStatus(_ replica: ReplicaID, delivered: Bool) {
    guard case .installing? = progress(of: replica)?.phase else { return }
    updateProgress(of: replica) { progress in
      if delivered { progress.probe() } else { progress.probeAfterFailedSnapshot() }
      progress.isFlowPaused = true
    }
  }
}
