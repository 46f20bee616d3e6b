public import AionModel

/// A place in the files that does not hold what was written there.
public struct LogDamage: Error, Hashable, Sendable {
  /// The file, relative to the data directory: `log/00000000000000000001.log`.
  public var file: String
  /// Where in the file the record begins that does not hold.
  public var offset: ByteCount
  /// The newest index that is known to be whole before it.
  public var after: LogIndex
  public var finding: Finding

  public init(file: String, offset: ByteCount, after: LogIndex, finding: Finding) {
    self.file = file
    self.offset = offset
    self.after = after
    self.finding = finding
  }

  /// What is wrong there.
  public enum Finding: Error, Hashable, Sendable {
    // One record
    /// No header of ours stands where one should.
    case notAHeader
    /// The file ends, or its sectors read as zeros, inside a record.
    case unfinished
    case headerChecksum(stored: UInt32, computed: UInt32)
    case payloadChecksum(stored: UInt32, computed: UInt32)
    /// The record says that it was written at another offset: a misdirected read or write.
    case misplaced(written: ByteCount)
    /// The record was written for another file.
    case strayRecord
    case lengthOutOfLimits(length: ByteCount, limit: ByteCount)
    case nonZeroPadding
    /// No log comes to such an index.
    case indexOutOfRange(LogIndex)
    case undecodableFrame(reason: String)
    case undecodableRecord(reason: String)
    /// A batch that does not hold is followed by one that was written after it was synced.
    case validBatchFollows(at: ByteCount)

    // The log as a sequence
    case indexGap(expected: LogIndex, found: LogIndex)
    case termWentBack(from: Term, to: Term)
    case overwritesCommitted(index: LogIndex, commit: LogIndex)
    case commitBeyondEnd(commit: LogIndex, last: LogIndex)

    // Files
    case sealMissing
    case sealDisagrees
    case bytesAfterSeal
    case misnamed(written: String)
    /// The segment that comes before this one is not there.
    case segmentMissing(named: String)
    case chainBroken(stored: UInt32, computed: UInt32)
    case foreignCluster(found: ClusterID, expected: ClusterID)
    case foreignReplica(found: ReplicaID, expected: ReplicaID)
    case futureVersion(found: FormatVersion, supported: FormatVersion)
    case identityMissing
    /// There is an identity, before which the group is written, and nothing says which group.
    case groupMissing
    /// The operating system refused to read the bytes.
    case unreadable(FileError)
    /// The log begins after the newest whole snapshot ends, so entries between them are missing.
    case doesNotConnect(snapshot: LogIndex, logBegins: LogIndex)
  }
}

extension LogDamage.Finding {
  /// Whether the file is whole and simply not for this replica or program.
  var isForeign: Bool {
    switch self {
    case .foreignCluster, .foreignReplica, .futureVersion: true
    default: false
    }
  }

  /// Whether the disk no longer holds what was written: what a group can repair. Where the finding
  /// rests on how the directory was opened, repairing would throw away what is whole.
  var isLoss: Bool {
    switch self {
    case .lengthOutOfLimits(_, let limit): limit == ByteCount(HeaderFrame.maximumLength)
    case .identityMissing, .groupMissing: false
    default: !isForeign
    }
  }
}
