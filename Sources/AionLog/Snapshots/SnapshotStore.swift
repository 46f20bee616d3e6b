public import AionModel
import AionRaft

/// The snapshots of one replica.
///
/// Writing one needs nothing of the log, so another thread can do it while the log is written.
public struct SnapshotStore<Directory: LogDirectory>: Sendable {
  let directory: Directory
  let owner: SegmentHeader.Owner
  let limits: LogLimits

  static var directoryName: String { "snapshots" }
  static var fileExtension: String { ".snap" }

  init(_ directory: Directory, owner: SegmentHeader.Owner, limits: LogLimits) {
    self.directory = directory
    self.owner = owner
    self.limits = limits
  }

  /// The snapshots of a data directory, for reading; works beside a running writer.
  public init(
    reading directory: Directory, owner: SegmentHeader.Owner, limits: LogLimits = LogLimits()
  ) throws(LogFault) {
    do throws(FileError) {
      let inner = try directory.directory(Self.directoryName, creating: false)
      self.init(inner, owner: owner, limits: limits)
    } catch {
      throw .file(error)
    }
  }

  /// The last included indexes of the snapshots that have files, oldest first; not yet proven.
  public func indexes() throws(LogFault) -> [LogIndex] {
    do throws(FileError) {
      return try directory.names()
        .compactMap { numberInFileName($0, Self.fileExtension) }.map { LogIndex($0) }.sorted()
    } catch {
      throw .file(error)
    }
  }

  /// Begins a snapshot; it counts once `finish` has returned.
  public func write(
    _ description: SnapshotDescription
  ) throws(LogFault) -> SnapshotWriter<Directory> {
    try SnapshotWriter(self, description)
  }

  /// Opens a snapshot; nothing but its header is proven yet.
  public func read(at index: LogIndex) throws(LogFault) -> SnapshotReader<Directory> {
    try SnapshotReader(self, index)
  }

  /// Reads a snapshot to its end, in constant memory, without unpacking it.
  public func verify(at index: LogIndex) throws(LogFault) -> VerifiedSnapshot {
    var reader = try read(at: index)
    while try reader.nextHeader() != nil {}
    guard let footer = reader.footer else { throw reader.damage(.unfinished) }
    return VerifiedSnapshot(description: reader.description, footer: footer)
  }

  /// Removes all but the newest `LogLimits.keptSnapshots` of those up to `newest`, oldest first.
  ///
  /// - Parameters:
  ///   - newest: the newest snapshot that is known to be whole.
  ///   - damaged: snapshots that are known not to be; they go too, and do not count as kept.
  ///   - pinned: snapshots that are being sent.
  func removeOlder(
    than newest: LogIndex, damaged: [LogIndex], keeping pinned: [LogIndex] = []
  ) throws(LogFault) {
    let older = try indexes().filter { $0 <= newest }
    let kept = older.filter { !damaged.contains($0) }.suffix(limits.keptSnapshots)
    do throws(FileError) {
      for index in older where !kept.contains(index) && !pinned.contains(index) {
        try directory.remove(Self.fileName(index))
      }
      try directory.sync()
    } catch {
      throw LogFault(error)
    }
  }

  /// Puts a copy in the place of a snapshot, durably. A process before this one may have failed to
  /// sync its name; the system would not try again, and the name would go with the power.
  ///
  /// Without room for a copy the name is synced as it is: nothing more can be done.
  func renew(_ index: LogIndex) throws(LogFault) {
    let name = Self.fileName(index)
    let temporary = name + Directory.temporaryExtension
    do throws(FileError) {
      do throws(FileError) {
        let file = try directory.open(name, for: .reading)
        try directory.copy(file, upTo: try file.size(), as: temporary)
        try directory.rename(temporary, to: name)
      } catch {
        guard error.kind == .noSpace else { throw error }
        // There was no room for its name, or for all of it; the next opening removes what is left.
        try? directory.remove(temporary)
      }
      try directory.sync()
    } catch {
      throw LogFault(error)
    }
  }

  static func fileName(_ index: LogIndex) -> String {
    indexedFileName(index.rawValue, fileExtension)
  }

  /// For damage reports.
  static func relativePath(_ index: LogIndex) -> String {
    relativePath(fileName(index))
  }

  static func relativePath(_ name: String) -> String { directoryName + "/" + name }
}

/// A snapshot of which every byte has been proven.
public struct VerifiedSnapshot: Hashable, Sendable {
  /// What its head says of it.
  public var description: SnapshotDescription
  /// What its end says: counts, lengths and the digest of its records.
  public var footer: SnapshotFooter

  /// The last entry that it includes.
  public var index: LogIndex { description.metadata.position.index }
}
