import AionModel

// A damaged replica of a group of several (Docs/Decisions/0011-recovery.md): first it is written
// down that it has lost what it promised, then what does not hold is set aside, newest first, until
// what is left opens. A crash in between goes on from there.

extension LogOpening {
  /// What is cut off a damaged segment is first written beside it.
  static var cutName: String { "cut" }
  /// More pieces than this are not picked out of one directory.
  private static var maximumRounds: Int { 64 }

  mutating func open(
    now: WallTime
  ) throws(LogFault) -> (log: Log<Directory>, recovered: Recovered) {
    if isLogMissing, isRepairable { try takeNote(of: missingLog) }
    while true {
      do throws(LogFault) {
        var opened = try Log.open(self, now: now)
        try settle(opened.log)
        opened.recovered.report.lost = lost
        do throws(FileError) {
          opened.recovered.report.setAside = try root.filesSetAside()
        } catch {
          throw LogFault.file(error)
        }
        return opened
      } catch {
        guard case .damaged(let damage) = error, damage.finding.isLoss, isRepairable,
          lost.count < Self.maximumRounds
        else { throw error }
        try takeNote(of: damage)
        do throws(FileError) { try setAside(damage) } catch { throw LogFault(error) }
      }
    }
  }

  private var missingLog: LogDamage {
    LogDamage(
      file: logDirectoryName, offset: .zero, after: .zero,
      finding: .segmentMissing(named: "the newest"))
  }

  /// A founder that was not introduced has promised nothing, so nothing is lost.
  private mutating func takeNote(of damage: LogDamage) throws(LogFault) {
    lost.append(damage)
    guard var group, let successor, group.isIntroduced else { return }
    let hasBegun = group.beginRecovery(
      of: identity.replica, as: successor, damage: damage.description)
    guard hasBegun else { throw .damaged(damage) }
    guard group != self.group else { return }
    try group.write(to: root)
    self.group = group
  }

  /// From now on this life may speak, so that the next damage takes another one.
  private mutating func settle(_ log: Log<Directory>) throws(LogFault) {
    guard var group, group.recovery?.isSettled == false else { return }
    group.settle()
    try log.save(group)
    self.group = group
    let oldest = group.generation.rawValue
    do throws(FileError) {
      for directory in [logDirectory, snapshots.directory] {
        for name in try directory.names() {
          guard let generation = SetAside.generation(of: name),
            generation.rawValue + UInt64(limits.keptRecoveries) <= oldest
          else { continue }
          try directory.remove(name)
        }
      }
    } catch {
      throw LogFault(error)
    }
  }
}

// MARK: - Setting aside

extension LogOpening {
  /// Takes what does not hold out of the way: of a segment what follows the last whole record, and
  /// all segments after it.
  private func setAside(_ damage: LogDamage) throws(FileError) {
    let prefix = logDirectoryName + "/"
    guard damage.file.hasPrefix(prefix),
      let number = SegmentNumber(fileName: String(damage.file.dropFirst(prefix.count)))
    else { return }
    if case .doesNotConnect = damage.finding { try setDamagedSnapshotsAside() }
    let newer = try logDirectory.names().compactMap(SegmentNumber.init(fileName:)).sorted()
      .filter { $0 > number }
    for segment in newer.reversed() { try setAside(segment.fileName, in: logDirectory) }
    if damage.offset < SegmentHeader.length {
      try setAside(number.fileName, in: logDirectory)
    } else {
      try cut(number.fileName, at: damage.offset, isLonger: newer.isEmpty)
    }
  }

  /// Leaves the first bytes of a segment in its place.
  ///
  /// - Parameter isLonger: whether the segment must become shorter for anything to have changed.
  private func cut(
    _ name: String, at end: ByteCount, isLonger: Bool
  ) throws(FileError) {
    let temporary = Self.cutName + Directory.temporaryExtension
    do throws(FileError) {
      let file = try logDirectory.open(name, for: .reading)
      guard try file.size() > end else {
        if isLonger { try setAside(name, in: logDirectory) }
        return
      }
      try logDirectory.copy(file, upTo: end, as: temporary)
    } catch {
      // No room for it, or it cannot be read after all: then it goes as a whole.
      guard error.kind == .noSpace || error.isUnreadable else { throw error }
      try? logDirectory.remove(temporary)
      return try setAside(name, in: logDirectory)
    }
    try setAside(name, in: logDirectory)
    try logDirectory.rename(temporary, to: name)
    try logDirectory.sync()
  }

  private func setDamagedSnapshotsAside() throws(FileError) {
    guard let (_, damaged) = try? newestSnapshot() else { return }
    for snapshot in damaged {
      let name = SnapshotStore<Directory>.fileName(snapshot.after)
      try setAside(name, in: snapshots.directory)
    }
  }

  /// Gives a file a name under which it counts for nothing.
  private func setAside(_ name: String, in directory: Directory) throws(FileError) {
    let taken = try directory.names()
    let plain = SetAside.name(name, group?.generation ?? 0)
    var (newName, attempt) = (plain, 1)
    while taken.contains(newName) {
      attempt += 1
      newName = plain + "-\(attempt)"
    }
    try directory.rename(name, to: newName)
    try directory.sync()
  }
}

/// How files are called that did not hold: `00000000000000000001.log.damaged-2` was set aside when
/// the directory began its second recovery.
enum SetAside {
  private static let mark = ".damaged-"

  static func name(_ name: String, _ generation: Generation) -> String {
    name + mark + "\(generation)"
  }

  /// Nil for a file that was not set aside.
  static func generation(of name: String) -> Generation? {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count > 1, parts[0].hasSuffix(mark.dropLast()) else { return nil }
    return UInt64(parts[1]).map { Generation($0) }
  }
}

extension LogDirectory {
  /// What does not hold of the two records that are kept twice, while one copy of each does.
  public func damagedRecords() throws(LogFault) -> [LogDamage] {
    try GroupRecord.kept(in: self).damage + LogIdentity.kept(in: self).damage
  }

  /// The damaged files that a data directory keeps for people, relative to it.
  public func filesSetAside() throws(FileError) -> [String] {
    var found: [String] = []
    let present = try names()
    for folder in [logDirectoryName, "snapshots"] where present.contains(folder) {
      let names = try directory(folder, creating: false).names()
      found += names.filter { SetAside.generation(of: $0) != nil }.map { folder + "/" + $0 }
    }
    return found
  }
}
