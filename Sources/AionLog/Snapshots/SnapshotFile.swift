public import AionModel
import CCRC32C

/// Names one snapshot file of one replica. Two files of the same index differ in it: when they were
/// written, and by whom, is in their checksums.
public struct SnapshotFileID: Hashable, Sendable {
  /// The last entry that the snapshot includes.
  public var position: LogPosition
  /// Bytes of the file.
  public var size: ByteCount
  /// The checksum of the file's last record, which covers all before it.
  public var checksum: UInt32

  public init(position: LogPosition, size: ByteCount, checksum: UInt32) {
    self.position = position
    self.size = size
    self.checksum = checksum
  }
}

/// A whole snapshot file, to be sent as it is. Its bytes stay readable when its name goes.
public struct SnapshotFile<File: LogFile>: Sendable {
  public let id: SnapshotFileID
  private let file: File

  init(_ file: File, _ position: LogPosition, path: String) throws(LogFault) {
    self.file = file
    var footer = [UInt8](repeating: 0, count: SnapshotFooter.length)
    let size: ByteCount
    do throws(FileError) {
      size = try file.size()
      let start = ByteCount(max(0, size.bytes - footer.count))
      _ = try footer.withMutableBytes { (buffer) throws(FileError) in
        try file.readFully(into: buffer, at: start)
      }
    } catch {
      throw .file(error)
    }
    do throws(LogDamage.Finding) {
      try footer.withBytes { (bytes) throws(LogDamage.Finding) in
        _ = try SnapshotFooter(decoding: bytes)
      }
    } catch {
      throw .damaged(
        LogDamage(file: path, offset: size, after: position.index, finding: error))
    }
    id = SnapshotFileID(
      position: position, size: size, checksum: footer.withBytes { $0.load(UInt32.self, at: 8) })
  }

  /// Up to `count` bytes from `offset` on; fewer only at the end.
  public func bytes(at offset: ByteCount, count: Int) throws(LogFault) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: max(0, min(count, (id.size - offset).bytes)))
    do throws(FileError) {
      let filled = try bytes.withMutableBytes { (buffer) throws(FileError) in
        try file.readFully(into: buffer, at: offset)
      }
      bytes.removeLast(bytes.count - filled.bytes)
    } catch {
      throw .file(error)
    }
    return bytes
  }
}

extension SnapshotStore {
  /// Opens the snapshot of an index to be sent to another replica.
  ///
  /// - Throws: `file`; `damaged` when its end does not hold. The rest is proven by who receives it.
  public func file(at position: LogPosition) throws(LogFault) -> SnapshotFile<Directory.File> {
    let file: Directory.File
    do throws(FileError) {
      file = try directory.open(Self.fileName(position.index), for: .reading)
    } catch {
      throw .file(error)
    }
    return try SnapshotFile(file, position, path: Self.relativePath(position.index))
  }
}

/// The checksum that files and transfers use: CRC-32C (Castagnoli).
public func checksum(of bytes: [UInt8]) -> UInt32 {
  bytes.withBytes { aion_crc32c(0, $0.baseAddress, $0.count) }
}
