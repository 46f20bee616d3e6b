public import AionModel
import AionRaft

/// A snapshot that another replica sends, piece by piece, under a name of its own.
///
/// It survives a crash as far as it was synced: `SnapshotStore.receive` takes it up again. It
/// counts for nothing until `Log.install` has put it in place.
public final class IncomingSnapshot<Directory: LogDirectory> {
  public let id: SnapshotFileID
  /// Everything before is here and synced.
  public private(set) var synced: ByteCount
  private var written: ByteCount

  private let store: SnapshotStore<Directory>
  private let name: String
  private let file: Directory.File

  /// Begins one, or takes up what is left of it: as far as its records hold.
  fileprivate init(
    _ store: SnapshotStore<Directory>, _ id: SnapshotFileID, isResumed: Bool
  ) throws(LogFault) {
    self.store = store
    self.id = id
    name = id.partialName
    do throws(FileError) {
      file =
        try isResumed ? store.directory.open(name, for: .updating) : store.directory.create(name)
      let proven = isResumed ? Self.proven(store, id) : .zero
      try file.truncate(to: proven)
      try Self.sync(file, name, in: store)
      if !isResumed { try store.directory.sync() }
      written = proven
      synced = proven
    } catch {
      throw LogFault(error)
    }
  }

  private static func proven(
    _ store: SnapshotStore<Directory>, _ id: SnapshotFileID
  ) -> ByteCount {
    guard var reader = try? SnapshotReader(store, id.position.index, name: id.partialName) else {
      return .zero
    }
    do throws(LogFault) {
      while try reader.nextHeader() != nil {}
    } catch {
      return reader.offset
    }
    return id.size
  }

  /// Whether all of it is here and synced.
  public var isWhole: Bool { synced == id.size }

  /// Adds bytes at the end of what is here and syncs them.
  ///
  /// - Returns: false when they do not follow, or go past the end; nothing has then changed.
  /// - Throws: `diskFull` and `file`; what was synced before is still there.
  public func append(_ bytes: [UInt8], at offset: ByteCount) throws(LogFault) -> Bool {
    guard offset == written, offset + ByteCount(bytes.count) <= id.size else { return false }
    do throws(FileError) {
      do throws(IncompleteWrite) {
        try bytes.withBytes { (raw) throws(IncompleteWrite) in
          try file.writeAll(raw, at: offset)
        }
      } catch {
        throw error.cause
      }
      try Self.sync(file, name, in: store)
    } catch {
      throw LogFault(error)
    }
    written += ByteCount(bytes.count)
    synced = written
    return true
  }

  /// After a sync that failed nobody knows what of the file is on the disk, whatever a later one
  /// says: it is begun anew.
  private static func sync(
    _ file: Directory.File, _ name: String, in store: SnapshotStore<Directory>
  ) throws(FileError) {
    do throws(FileError) { try file.sync() } catch {
      // What cannot be removed now is removed when another one comes.
      try? store.directory.remove(name)
      throw error
    }
  }

  /// What was received, for any thread.
  public var contents: ReceivedContents<Directory> { ReceivedContents(store: store, id: id) }

  /// Gives it up and removes what is here of it.
  public func discard() {
    // What cannot be removed now is removed when another one comes.
    try? store.directory.remove(name)
  }

  /// Gives it the name under which it counts. Durable once this has returned.
  func putInPlace() throws(LogFault) {
    precondition(isWhole, "only \(synced.bytes) of \(id.size.bytes) bytes are here")
    do throws(FileError) {
      try store.directory.rename(name, to: SnapshotStore<Directory>.fileName(id.position.index))
      try store.directory.sync()
    } catch {
      throw LogFault(error)
    }
  }
}

/// A snapshot that was received whole and has not been put in place.
public struct ReceivedContents<Directory: LogDirectory>: Sendable {
  fileprivate let store: SnapshotStore<Directory>
  public let id: SnapshotFileID

  /// Reads it; every byte is proven on the way.
  public func read() throws(LogFault) -> SnapshotReader<Directory> {
    try SnapshotReader(store, id.position.index, name: id.partialName)
  }
}

extension SnapshotFileID {
  static let partialExtension = ".part"

  /// Names the file and no other one of the same index.
  var partialName: String {
    let words = [position.term.rawValue, UInt64(size.bytes), UInt64(checksum)]
    return indexedFileName(position.index.rawValue, "")
      + words.map { "-" + String($0, radix: 16) }.joined() + Self.partialExtension
  }
}

extension SnapshotStore {
  /// Begins to receive a snapshot, or takes up where receiving it was interrupted. What is left of
  /// any other is removed: a replica receives one at a time.
  public func receive(_ id: SnapshotFileID) throws(LogFault) -> IncomingSnapshot<Directory> {
    var isResumed = false
    do throws(FileError) {
      for name in try directory.names() where name.hasSuffix(SnapshotFileID.partialExtension) {
        if name == id.partialName { isResumed = true } else { try directory.remove(name) }
      }
    } catch {
      throw .file(error)
    }
    return try IncomingSnapshot(self, id, isResumed: isResumed)
  }
}
