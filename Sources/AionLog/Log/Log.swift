public import AionModel
public import AionRaft

/// The durable log of one replica: appended to while it runs, read only when it is opened.
///
/// Used by one thread. What has been appended survives a crash once `sync` has returned; an append
/// that was not synced is recovered whole or not at all. After a failed write or sync nothing more
/// is written (`LogFault.poisoned`); a full disk refuses appends (`LogFault.diskFull`) and harms
/// nothing.
public final class Log<Directory: LogDirectory> {
  /// Whose log it is; another replica's is not opened.
  public let identity: LogIdentity
  /// Sizes of segments and batches, and how many snapshots are kept.
  public let limits: LogLimits
  /// The snapshots beside the log; may be used from any thread.
  public let snapshots: SnapshotStore<Directory>

  /// The directory of the segments, for messages.
  public var path: String { directory.path }

  /// What is known of the group; nil where nothing was ever said of it.
  public private(set) var group: GroupRecord?

  let directory: Directory
  /// The data directory itself.
  private let root: Directory
  /// Held for as long as the log is.
  private let lock: Directory.Lock
  let encoder: BatchEncoder

  /// The newest entry.
  public internal(set) var last: LogPosition
  /// The newest hard state.
  public internal(set) var hardState: HardState
  /// The newest snapshot that is known to be whole.
  public internal(set) var snapshotIndex: LogIndex
  /// Snapshots that were found not to hold; removed once a newer one is durable, unless they were
  /// written anew since.
  var damagedSnapshots: [LogIndex]
  /// Why nothing more is written, if so.
  public internal(set) var poison: FileError?

  /// The segment that is written; nil until there is room for one.
  var current: OpenSegment<Directory.File>?
  var closed: [ClosedSegment]
  var prepared: PreparedSegment<Directory>?
  var isPreparing = false
  /// The newest entry of the segments, when a snapshot has superseded them and there was no room
  /// yet to begin the log anew after `last`.
  var superseded: LogPosition?
  /// For the header of the next segment.
  var newestTime: WallTime
  /// Whether the names of the files may be in the system's cache alone; nothing is written on them
  /// before they are durable.
  var hasOldNames = true

  init(
    _ directory: Directory, _ lock: Directory.Lock, _ identity: LogIdentity, _ limits: LogLimits,
    _ encoder: BatchEncoder, _ snapshots: SnapshotStore<Directory>, _ state: RecoveredState,
    root: Directory, group: GroupRecord?
  ) {
    self.root = root
    self.group = group
    self.directory = directory
    self.lock = lock
    self.identity = identity
    self.limits = limits
    self.encoder = encoder
    self.snapshots = snapshots
    last = state.last
    hardState = state.hardState
    snapshotIndex = state.snapshotIndex
    damagedSnapshots = state.damagedSnapshots
    closed = state.closed
    newestTime = state.newestTime
  }

  /// Replaces what is known of the group, durably and in one step.
  ///
  /// - Throws: `diskFull` and `file`; what was known before is then still what the disk holds, or
  ///   the new is.
  public func save(_ group: GroupRecord) throws(LogFault) {
    try checkNotPoisoned()
    try group.write(to: root)
    self.group = group
  }

  /// What an opening hands to the log.
  struct RecoveredState {
    var last: LogPosition
    var hardState: HardState
    var snapshotIndex: LogIndex
    var damagedSnapshots: [LogIndex]
    var closed: [ClosedSegment]
    var newestTime: WallTime
  }
}

/// A segment that is not written any more.
struct ClosedSegment: Hashable, Sendable {
  var number: SegmentNumber
  /// The newest entry when it was closed.
  var last: LogPosition
  var chain: UInt32
}

/// The segment that is being written.
struct OpenSegment<File: LogFile> {
  let file: File
  let number: SegmentNumber
  /// Where the next record goes.
  var offset: ByteCount
  /// Up to here everything is durable.
  var syncedOffset: ByteCount
  /// From `offset` up to here the file reads as zeros; its end.
  var zeroedEnd: ByteCount
  var chain: RecordChain
  var tally: SegmentTally
}
