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
  private(set) var group: GroupRecord?

  static var lockName: String { "LOCK" }

  init(
    _ root: Directory, _ identity: LogIdentity, _ limits: LogLimits, _ beginning: GroupRecord?
  ) throws(LogFault) {
    self.root = root
    self.limits = limits
    self.identity = identity
    do throws(FileError) {
      lock = try root.lock(Self.lockName)
      var leftovers = try root.removeLeftovers {
        [LogIdentity.fileName, GroupRecord.fileName].contains($0)
      }
      let names = try root.names()
      // It is durable before the identity is: beside an identity it is not made anew. A missing
      // folder of snapshots is: what is missing in it, the log tells by where it begins.
      logDirectory = try root.directory(
        logDirectoryName, creating: !names.contains(LogIdentity.fileName))
      let snapshotDirectory = try root.directory(
        SnapshotStore<Directory>.directoryName, creating: true)
      if !names.contains(SnapshotStore<Directory>.directoryName) { try root.sync() }
      leftovers += try logDirectory.removeLeftovers {
        [preparedAheadName, preparedInlineName].contains($0)
      }
      leftovers += try snapshotDirectory.removeLeftovers {
        numberInFileName($0, SnapshotStore<Directory>.fileExtension) != nil
      }
      self.leftovers = leftovers
      snapshots = SnapshotStore(snapshotDirectory, owner: identity.owner, limits: limits)
    } catch {
      throw LogFault(error)
    }
    try checkIdentity(beginning)
    if let beginning, group == nil {
      try beginning.write(to: root)
      group = beginning
    }
  }

  /// The group and then the identity are written before anything else is; log files without an
  /// identity are somebody else's.
  private mutating func checkIdentity(_ beginning: GroupRecord?) throws(LogFault) {
    group = try GroupRecord.read(from: root)
    if let found = try LogIdentity.read(from: root) {
      if found.cluster != identity.cluster {
        throw mismatch(.foreignCluster(found: found.cluster, expected: identity.cluster))
      }
      if found.replica != identity.replica {
        throw mismatch(.foreignReplica(found: found.replica, expected: identity.replica))
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

  private func mismatch(_ finding: LogDamage.Finding) -> LogFault {
    .damaged(
      LogDamage(file: LogIdentity.fileName, offset: .zero, after: .zero, finding: finding))
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
