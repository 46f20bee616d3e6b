public import AionModel

/// The world misbehaving, with its place.
public enum LogFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// The operating system refused an operation; nothing was lost by it.
  case file(FileError)
  /// No room: nothing was written, reads go on, and writing works again once there is room.
  case diskFull(path: String)
  /// An entry that no batch can hold; nothing was written.
  case entryTooLarge(index: LogIndex, size: ByteCount, limit: ByteCount)
  /// An earlier write or sync failed, so nothing more is written until the directory is reopened.
  case poisoned(by: FileError)
  /// The directory does not hold what was written; it is left as it is.
  case damaged(LogDamage)

  public var description: String {
    switch self {
    case .file(let error): error.description
    case .diskFull(let path): "\(path): the disk is full; nothing was written. Make room and retry"
    case .entryTooLarge(let index, let size, let limit):
      "entry \(index) takes \(size), a batch holds at most \(limit)"
    case .poisoned(let error):
      "the log takes no more writes after a failure (\(error)). Close and reopen the directory"
    case .damaged(let damage): damage.description
    }
  }
}

extension LogFault {
  /// What could not be read: lost, with its place, or refused.
  init(
    reading file: String, at offset: ByteCount = .zero, after index: LogIndex = .zero,
    _ error: FileError
  ) {
    self =
      error.isUnreadable
      ? .damaged(
        LogDamage(file: file, offset: offset, after: index, finding: .unreadable(error)))
      : .file(error)
  }
}
