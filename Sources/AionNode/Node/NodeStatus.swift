public import AionLog
public import AionModel
public import AionRaft

/// What is to be seen of a node from outside, as of one moment.
public struct NodeStatus: Hashable, Sendable {
  public var term: Term
  public var role: RoleName
  public var leader: ReplicaID?
  public var membership: Membership
  public var committed: LogIndex
  public var applied: LogIndex
  public var last: LogIndex
  public var snapshot: LogIndex
  public var isWritingSnapshot: Bool
  /// Encoded commands applied since the newest snapshot was begun.
  public var sizeSinceSnapshot: ByteCount
  /// Log batches written since it was opened, each with one sync.
  public var syncedBatches: Int
  public var syncedEntries: Int
  /// Envelopes of strangers: of other clusters, and of directories that are not a member's.
  public var refusedEnvelopes: Int
  /// Whether all founders know this replica; before, it promises nothing.
  public var isIntroduced: Bool
  /// What it has lost, until it is whole again: before, it neither votes nor counts, and needs a
  /// majority of the others to be repaired.
  public var recovery: GroupRecord.Recovery?
  public var isDiskFull: Bool
  public var fault: NodeFault?
}

extension Node {
  public var status: NodeStatus {
    NodeStatus(
      term: raft.term, role: raft.roleName, leader: raft.leader, membership: raft.membership,
      committed: raft.committed, applied: applied,
      last: raft.lastPosition.index, snapshot: snapshotIndex,
      isWritingSnapshot: isWritingSnapshot, sizeSinceSnapshot: sizeSinceSnapshot,
      syncedBatches: syncedBatches, syncedEntries: syncedEntries,
      refusedEnvelopes: refusedEnvelopes,
      isIntroduced: isIntroduced, recovery: recovery, isDiskFull: isDiskFull,
      fault: fault)
  }
}
