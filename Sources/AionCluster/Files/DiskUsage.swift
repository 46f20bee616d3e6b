import AionLog
public import AionModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What a data directory takes of its disk, and what is left.
public struct DiskUsage: Hashable, Sendable {
  /// Blocks of all files of the directory, preallocated ones included.
  public var used: ByteCount
  /// What the process's user may still write.
  public var free: ByteCount

  public init(used: ByteCount, free: ByteCount) {
    self.used = used
    self.free = free
  }
}

extension DiskUsage {
  /// Looks at every file; changes nothing.
  init(of directory: PosixLogDirectory) throws(FileError) {
    self.init(used: try directory.usedSpace(), free: try directory.freeSpace())
  }
}

extension PosixLogDirectory {
  /// Blocks of everything in it. A file that goes meanwhile counts nothing.
  fileprivate func usedSpace() throws(FileError) -> ByteCount {
    var used = ByteCount.zero
    for name in try names() {
      guard let status = try status(of: name) else { continue }
      switch status.st_mode & S_IFMT {
      case S_IFDIR: used += try directory(name, creating: false).usedSpace()
      default: used += ByteCount(Int(status.st_blocks) * 512)
      }
    }
    return used
  }
}
