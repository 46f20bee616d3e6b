public import AionModel

/// A durable control plane as an operator wants to see it.
public struct DurableStatus: Hashable, Sendable {
  /// Whether it takes writes.
  public enum Health: Hashable, Sendable {
    case writable
    /// The last write found no room; the next one tries again.
    case diskFull
    /// Reads go on, nothing is written until the directory is reopened.
    case readOnly(reason: String)
  }

  /// The data directory.
  public var path: String
  /// Drawn when the group was founded; the same for all its replicas.
  public var clusterID: ClusterID
  public var replicaID: ReplicaID
  /// What the replica is called in messages.
  public var nodeName: String
  public var health: Health
  /// What this replica's disk has lost, until a majority of the others has repaired it; it neither
  /// votes nor counts before. Nil while it is whole.
  public var recovery: String?

  // The log
  public var term: Term
  /// The newest entry that is applied.
  public var appliedIndex: LogIndex
  public var committedIndex: LogIndex
  /// The newest entry, committed or not.
  public var lastIndex: LogIndex
  /// The entry up to which the newest snapshot reaches; 0 without one.
  public var snapshotIndex: LogIndex
  public var isWritingSnapshot: Bool
  /// Encoded commands after the newest snapshot.
  public var sizeSinceSnapshot: ByteCount
  /// As it was looked at last: every few seconds by one of several replicas, else with each new
  /// segment and snapshot. Nil where the system does not tell.
  public var disk: DiskUsage?

  // The state
  /// The index of the newest entry that changed what exists.
  public var catalogVersion: CatalogVersion
  /// The index of the newest entry that changed where it runs.
  public var placementEpoch: PlacementEpoch

  // Since it was opened
  /// Writes that wait for the log.
  public var queuedWrites: Int
  /// Log batches that were written, each with one sync.
  public var syncedBatches: Int
  /// Entries in them.
  public var syncedEntries: Int
}
