public import AionLog
public import AionModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// An open file of the operating system.
public final class PosixLogFile: LogFile {
  let descriptor: Int32
  public let path: String
  private let syncs: SyncHistogram?

  /// Takes over an open descriptor.
  init(descriptor: Int32, path: String, syncs: SyncHistogram? = nil) {
    self.descriptor = descriptor
    self.path = path
    self.syncs = syncs
  }

  deinit { close(descriptor) }

  /// `pread`; 0 only at the end of the file.
  public func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: ByteCount
  ) throws(FileError) -> ByteCount {
    let count = try retrying(.read, path) {
      pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset.bytes))
    }
    return ByteCount(count)
  }

  /// `pwrite`; may take less than it was given.
  public func write(
    _ bytes: UnsafeRawBufferPointer, at offset: ByteCount
  ) throws(FileError) -> ByteCount {
    let count = try retrying(.write, path) {
      pwrite(descriptor, bytes.baseAddress, bytes.count, off_t(offset.bytes))
    }
    // A file system that takes nothing and reports nothing would be asked for ever.
    guard count > 0 || bytes.isEmpty else { throw FileError(.io(EIO), .write, path: path) }
    return ByteCount(count)
  }

  /// `fdatasync`, and on Darwin `F_FULLFSYNC`: there `fsync` leaves the data in the drive's cache.
  public func sync() throws(FileError) {
    guard let syncs else { return try syncNow() }
    let start = SuspendingClock.now
    defer { syncs.add(start.duration(to: .now)) }
    try syncNow()
  }

  private func syncNow() throws(FileError) {
    // Not repeated after EINTR either: what an interrupted sync has lost cannot be known.
    #if canImport(Darwin)
      let result = fcntl(descriptor, F_FULLFSYNC)
    #else
      let result = fdatasync(descriptor)
    #endif
    if result == -1 { throw FileError(errno, .sync, path: path) }
  }

  /// `ftruncate`.
  public func truncate(to size: ByteCount) throws(FileError) {
    _ = try retrying(.truncate, path) { Int(ftruncate(descriptor, off_t(size.bytes))) }
  }

  /// The size, preallocated zeros included.
  public func size() throws(FileError) -> ByteCount {
    var status = stat()
    _ = try retrying(.size, path) { Int(fstat(descriptor, &status)) }
    return ByteCount(Int(status.st_size))
  }
}
