public import AionLog

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A directory of the operating system. Files are made 0600, directories 0700.
public struct PosixLogDirectory: LogDirectory {
  private let handle: PosixLogFile
  public var path: String { handle.path }

  private let syncs: SyncHistogram?

  private var descriptor: Int32 { handle.descriptor }

  /// Opens a directory that belongs to the user the process runs as.
  ///
  /// - Parameters:
  ///   - creating: makes the directory, not its parents, when it is missing.
  ///   - syncs: is told what each sync of a file took; nil measures nothing.
  /// - Throws: `notFound`, `notADirectory`, `permission`, `readOnly`, `foreignOwner`.
  public init(
    path: String, creating: Bool, syncs: SyncHistogram? = nil
  ) throws(FileError) {
    try self.init(at: AT_FDCWD, name: path, path: path, creating: creating, syncs: syncs)
    if creating { try Self.syncParent(of: path) }
  }

  private init(
    at parent: Int32, name: String, path: String, creating: Bool, syncs: SyncHistogram?
  ) throws(FileError) {
    if creating, mkdirat(parent, name, 0o700) == -1, errno != EEXIST {
      throw FileError(errno, .create, path: path)
    }
    let descriptor = try retrying(.open, path) {
      Int(openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
    }
    handle = PosixLogFile(descriptor: Int32(descriptor), path: path)
    self.syncs = syncs
  }

  private static func syncParent(of path: String) throws(FileError) {
    let parent = try retrying(.open, path) {
      Int(openat(AT_FDCWD, path + "/..", O_RDONLY | O_DIRECTORY | O_CLOEXEC))
    }
    try PosixLogDirectory(handle: PosixLogFile(descriptor: Int32(parent), path: path + "/.."))
      .sync()
  }

  private init(handle: PosixLogFile) {
    self.handle = handle
    syncs = nil
  }

  /// The names in it, `.` and `..` left out, by their bytes.
  public func names() throws(FileError) -> [String] {
    let copy = try retrying(.list, path) {
      Int(openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC))
    }
    guard let stream = fdopendir(Int32(copy)) else {
      let number = errno
      close(Int32(copy))
      throw FileError(number, .list, path: path)
    }
    defer { closedir(stream) }
    var names: [String] = []
    errno = 0
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { raw in
        String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
      errno = 0
    }
    if errno != 0 { throw FileError(errno, .list, path: path) }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// A directory inside this one; made 0700 when `creating`.
  public func directory(
    _ name: String, creating: Bool
  ) throws(FileError) -> PosixLogDirectory {
    try PosixLogDirectory(
      at: descriptor, name: name, path: child(name), creating: creating, syncs: syncs)
  }

  /// A new file, 0600; `exists` when the name is taken.
  public func create(_ name: String) throws(FileError) -> PosixLogFile {
    try open(name, O_RDWR | O_CREAT | O_EXCL, .create)
  }

  /// Opens a file; never through a symbolic link.
  public func open(_ name: String, for access: FileAccess) throws(FileError) -> PosixLogFile {
    try open(name, access == .reading ? O_RDONLY : O_RDWR, .open)
  }

  /// `renameat`, which replaces.
  public func rename(_ name: String, to newName: String) throws(FileError) {
    _ = try retrying(.rename, child(name)) {
      Int(renameat(descriptor, name, descriptor, newName))
    }
  }

  /// `unlinkat`, for files.
  public func remove(_ name: String) throws(FileError) {
    _ = try retrying(.remove, child(name)) { Int(unlinkat(descriptor, name, 0)) }
  }

  /// `fsync` of the directory: its names are what has to survive.
  public func sync() throws(FileError) {
    #if canImport(Darwin)
      let result = fcntl(descriptor, F_FULLFSYNC)
    #else
      let result = fsync(descriptor)
    #endif
    if result == -1 { throw FileError(errno, .sync, path: path) }
  }

  func open(
    _ name: String, _ flags: Int32, _ operation: FileError.Operation
  ) throws(FileError) -> PosixLogFile {
    let opened = try retrying(operation, child(name)) {
      Int(openat(descriptor, name, flags | O_CLOEXEC | O_NOFOLLOW, 0o600))
    }
    return PosixLogFile(descriptor: Int32(opened), path: child(name), syncs: syncs)
  }

  /// Another user's directory is refused: root could write there and its owner not read it again.
  func checkOwner() throws(FileError) {
    var status = stat()
    _ = try retrying(.open, path) { Int(fstat(descriptor, &status)) }
    guard status.st_uid == geteuid() else {
      throw FileError(
        .foreignOwner(owner: status.st_uid, process: geteuid()), .open, path: path)
    }
  }

  /// What the system knows of a file; nil when there is none.
  func status(of name: String) throws(FileError) -> stat? {
    var status = stat()
    do throws(FileError) {
      _ = try retrying(.size, child(name)) {
        Int(fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW))
      }
    } catch {
      guard error.kind == .notFound else { throw error }
      return nil
    }
    return status
  }

  /// What may still be written on its file system.
  func freeSpace() throws(FileError) -> ByteCount {
    var status = statvfs()
    _ = try retrying(.size, path) { Int(fstatvfs(descriptor, &status)) }
    return ByteCount(Int(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize)))
  }

  func child(_ name: String) -> String { path + "/" + name }
}
