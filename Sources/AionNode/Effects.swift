public import AionCatalog
public import AionLog
public import AionRaft

/// What follows from what a node was given: whom to answer, what to send, what to do elsewhere.
public struct Effects {
  /// Answers that rest on synced and applied entries.
  public var replies: [Reply] = []
  /// What was applied, in order.
  public var changes: [Change] = []
  /// Messages to other replicas, in order; what they promise is synced.
  public var messages: [Message] = []
  /// Work for another thread.
  public var work: [BackgroundWork] = []
  /// What went wrong without harm.
  public var warnings: [LogFault] = []

  public init() {}

  /// Forgets everything and keeps the memory for the next round.
  public mutating func removeAll() {
    replies.removeAll(keepingCapacity: true)
    changes.removeAll(keepingCapacity: true)
    messages.removeAll(keepingCapacity: true)
    work.removeAll(keepingCapacity: true)
    warnings.removeAll(keepingCapacity: true)
  }
}

/// What the node's thread must not do itself, because it takes long.
public enum BackgroundWork: Sendable {
  /// Write a snapshot (`ClusterSnapshot.write`) and tell `Node.snapshotEnded`.
  case snapshot(ClusterSnapshot, SnapshotMetadata)
}
