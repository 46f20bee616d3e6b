public import AionLog

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension PosixLogDirectory {
  /// Takes an exclusive `flock` on a file that tells the holder's process id.
  ///
  /// The kernel drops the lock when the process dies. The file stays: removing it would let two
  /// openers lock two files of the same name.
  public func lock(_ name: String) throws(FileError) -> PosixLock {
    try checkOwner()
    let file = try open(name, O_RDWR | O_CREAT, .lock)
    while flock(file.descriptor, LOCK_EX | LOCK_NB) == -1 {
      let number = errno
      if number == EINTR { continue }
      guard number == EWOULDBLOCK else { throw FileError(number, .lock, path: child(name)) }
      throw FileError(.locked(holder: holder(in: file)), .lock, path: child(name))
    }
    // Only for whoever is refused; a full disk must not keep a node from starting.
    var text = Array("\(getpid())\n".utf8)
    if ftruncate(file.descriptor, 0) == 0 { _ = pwrite(file.descriptor, &text, text.count, 0) }
    return PosixLock(file: file)
  }

  private func holder(in file: PosixLogFile) -> String? {
    var text = [UInt8](repeating: 0, count: 20)
    let count = pread(file.descriptor, &text, text.count, 0)
    let digits = text.prefix(max(0, count)).prefix { $0 != UInt8(ascii: "\n") }
    return digits.isEmpty ? nil : "process \(String(decoding: digits, as: UTF8.self))"
  }
}

/// Held while a directory is locked.
public final class PosixLock: Sendable {
  private let file: PosixLogFile

  init(file: PosixLogFile) { self.file = file }

  /// In so many words: a process that was forked meanwhile, and is not another program yet, has the
  /// descriptor too, and would keep the lock.
  deinit { _ = flock(file.descriptor, LOCK_UN) }
}
