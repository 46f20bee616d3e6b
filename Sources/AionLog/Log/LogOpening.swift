import AionModel
import AionRaft

/// The steps of opening a data directory, up to where the log itself takes over.
struct LogOpening<Directory: LogDirectory> {
  let lock: Directory.Lock
  let identity: LogIdentity
  let limits: LogLimits
  let root: Directory
  let logDirectory: Directory
  let snapshots: SnapshotStore<Directory>
  let leftovers: [String]
  var group: GroupRecord?
  /// The incarnation under which a damaged replica of a group of several goes on.
  let successor: Incarnation?
  /// Copies of the two records that did not hold.
  private(set) var damagedRecords: [LogDamage] = []
  /// What was lost, in the order in which it was found.
  var lost: [LogDamage] = []
  /// The folder of the segments was not there, though there is an identity.
  let isLogMissing: Bool

  static var lockName: String { "LOCK" }

  init(
    _ root: Directory, _ identity: LogIdentity, _ limits: LogLimits, _ beginning: GroupRecord?,
    _ successor: Incarnation?
  ) throws(LogFault) {
    self.root = root
    self.limits = limits
    self.identity = identity
    self.successor = successor
    do throws(FileError) {
      lock = try root.lock(Self.lockName)
    } catch {
      throw LogFault(error)
    }
    let keptGroup = try GroupRecord.kept(in: root)
    let keptIdentity = try LogIdentity.kept(in: root)
    group = keptGroup.record
    damagedRecords = keptGroup.damage + keptIdentity.damage
    do throws(FileError) {
      var leftovers = try root.removeLeftovers {
        let record = $0.hasSuffix(Directory.copyExtension) ? $0.dropLast(5) : $0[...]
        return [LogIdentity.fileName, GroupRecord.fileName].contains(String(record))
      }
      let names = try root.names()
      // It is durable before the identity is: beside an identity it is not made anew. A missing
      // folder of snapshots is: what is missing in it, the log tells by where it begins.
      isLogMissing = keptIdentity.record != nil && !names.contains(logDirectoryName)
      let isMade = !isLogMissing || Self.isRepairable(group, successor)
      logDirectory = try root.directory(logDirectoryName, creating: isMade)
      let snapshotDirectory = try root.directory(
        SnapshotStore<Directory>.directoryName, creating: true)
      if isLogMissing || !names.contains(SnapshotStore<Directory>.directoryName) {
        try root.sync()
      }
      leftovers += try logDirectory.removeLeftovers {
        [preparedAheadName, preparedInlineName, Self.cutName, Directory.namesProbe].contains($0)
      }
      leftovers += try snapshotDirectory.removeLeftovers {
        $0 == Directory.namesProbe
          || numberInFileName($0, SnapshotStore<Directory>.fileExtension) != nil
      }
      self.leftovers = leftovers
      snapshots = SnapshotStore(snapshotDirectory, owner: identity.owner, limits: limits)
    } catch {
      throw LogFault(error)
    }
    try check(keptIdentity.record, beginning)
    try writeRecords(keptIdentity)
  }

  /// Whether others hold what this directory may have lost.
  private static func isRepairable(_ group: GroupRecord?, _ successor: Incarnation?) -> Bool {
    successor != nil && group?.hasOthers == true
  }

  var isRepairable: Bool { Self.isRepairable(group, successor) }

  /// The group and then the identity are written before anything else is; log files without an
  /// identity are somebody else's.
  private mutating func check(
    _ found: LogIdentity?, _ beginning: GroupRecord?
  ) throws(LogFault) {
    if let found {
      if found.cluster != identity.cluster {
        throw mismatch(.foreignCluster(found: found.cluster, expected: identity.cluster))
      }
      if found.replica != identity.replica {
        throw mismatch(.foreignReplica(found: found.replica, expected: identity.replica))
      }
      // Begun anew it would be another life, which nobody knows, with promises in its log.
      if beginning != nil, group == nil {
        throw mismatch(.groupMissing, in: GroupRecord.fileName)
      }
      return
    }
    let isEmpty: Bool
    do throws(FileError) {
      isEmpty = try logDirectory.names().allSatisfy { SegmentNumber(fileName: $0) == nil }
      guard isEmpty else { throw FileError(.notFound, .open, path: LogIdentity.fileName) }
      try root.sync()
    } catch {
      if error.kind == .notFound { throw mismatch(.identityMissing) }
      throw LogFault(error)
    }
    if let beginning, group == nil {
      try beginning.write(to: root)
      group = beginning
    }
    try identity.write(to: root)
  }

  /// Writes what is there once more: it may be in the system's cache alone, because a process
  /// before this one has failed to sync it, and whoever hears of this life must not meet another
  /// one after a loss of power.
  private func writeRecords(_ kept: KeptTwice<LogIdentity>) throws(LogFault) {
    // Else both were written just now.
    guard let identity = kept.record else { return }
    do throws(LogFault) {
      try group?.write(to: root)
      try identity.write(to: root)
    } catch {
      // Then the next opening does it.
      guard case .diskFull = error else { throw error }
    }
  }

  private func mismatch(
    _ finding: LogDamage.Finding, in file: String = LogIdentity.fileName
  ) -> LogFault {
    .damaged(LogDamage(file: file, offset: .zero, after: .zero, finding: finding))
  }

  /// The newest snapshot of which every byte holds, and those newer that do not.
  func newestSnapshot() throws(LogFault) -> (SnapshotDescription?, damaged: [LogDamage]) {
    var damaged: [LogDamage] = []
    for index in try snapshots.indexes().reversed() {
      do throws(LogFault) {
        return (try snapshots.verify(at: index).description, damaged)
      } catch {
        guard case .damaged(let damage) = error, !damage.finding.isForeign else { throw error }
        damaged.append(damage)
      }
    }
    return (nil, damaged)
  }

  /// How the newest segment was found.
  struct Tail {
    var number: SegmentNumber
    var offset: ByteCount
    /// What follows may never have reached the disk, though it can be read.
    var syncedOffset: ByteCount
    var isSealed: Bool
    /// Nothing was ever written to it, its header neither.
    var isEmptyFile: Bool
    var chain: RecordChain
    var tally: SegmentTally
  }

  struct Scan {
    var recovery: Recovery
    var sequence: LogSequence
    var closed: [ClosedSegment]
    var tail: Tail?
    var newestTime: WallTime
  }
}
