public import AionModel

/// How a durable control plane behaves on one machine.
public struct DurableConfiguration: Hashable, Sendable {
  /// The name under which this process is known; written into a new directory, and held against
  /// an existing one.
  public var nodeID: NodeID
  /// Writes that may wait for the log; above it they are refused with `busy`.
  public var maximumQueuedWrites: Int
  /// A snapshot is written, and the log before it deleted, when this much was logged since the
  /// last one.
  public var snapshotAfter: ByteCount
  /// Entries below the newest snapshot that are kept, for followers of the log.
  public var keptEntries: Int
  /// Commands of the newest changes that are kept for those who follow `changes(from:)`.
  public var keptChanges: Int
  /// A log file is closed at this size and the next begun.
  public var segmentSize: ByteCount
  /// How much of a log file is written with zeros ahead of the records.
  public var preallocation: ByteCount

  public init(
    nodeID: NodeID = .local, maximumQueuedWrites: Int = 65_536,
    snapshotAfter: ByteCount = .mebibytes(256), keptEntries: Int = 10_000,
    keptChanges: Int = 65_536, segmentSize: ByteCount = .mebibytes(64),
    preallocation: ByteCount = .mebibytes(16)
  ) {
    self.nodeID = nodeID
    self.maximumQueuedWrites = maximumQueuedWrites
    self.snapshotAfter = snapshotAfter
    self.keptEntries = keptEntries
    self.keptChanges = keptChanges
    self.segmentSize = segmentSize
    self.preallocation = preallocation
  }
}
