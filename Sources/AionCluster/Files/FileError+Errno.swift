import AionLog

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension FileError {
  init(_ number: Int32, _ operation: Operation, path: String) {
    self.init(Kind(errno: number), operation, path: path)
  }
}

extension FileError.Kind {
  init(errno number: Int32) {
    self =
      switch number {
      case ENOENT: .notFound
      case EEXIST: .exists
      case ENOSPC, EDQUOT: .noSpace
      case EROFS: .readOnly
      case EACCES, EPERM: .permission
      case ENOTDIR: .notADirectory
      default: .io(number)
      }
  }
}

/// Calls again what a signal interrupted; -1 becomes an error.
func retrying(
  _ operation: FileError.Operation, _ path: String, _ call: () -> Int
) throws(FileError) -> Int {
  while true {
    let result = call()
    if result >= 0 { return result }
    let number = errno
    if number != EINTR { throw FileError(number, operation, path: path) }
  }
}
