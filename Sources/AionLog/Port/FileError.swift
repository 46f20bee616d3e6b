/// Why a file operation did not happen, in words that every platform shares.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Why it did not happen.
  public enum Kind: Hashable, Sendable {
    case notFound
    case exists
    /// No room left on the device, or a quota reached.
    case noSpace
    /// The file system is mounted read-only.
    case readOnly
    /// The process may not do this.
    case permission
    /// The path, or a part of it, is something other than a directory.
    case notADirectory
    /// The directory belongs to another user than the one the process runs as.
    case foreignOwner(owner: UInt32, process: UInt32)
    /// Another holder has the lock; what it wrote about itself, when readable.
    case locked(holder: String?)
    /// Anything else: the operating system's error number.
    case io(Int32)
  }

  /// What was being done.
  public enum Operation: String, Hashable, Sendable {
    case list, create, open, read, write, sync, truncate, rename, remove, lock, size
  }

  public var kind: Kind
  public var operation: Operation
  public var path: String

  public init(_ kind: Kind, _ operation: Operation, path: String) {
    self.kind = kind
    self.operation = operation
    self.path = path
  }

  public var description: String { "cannot \(operation.rawValue) \(path): \(kind.sentence)" }
}

extension FileError {
  /// Whether the medium has lost what was to be read (EIO), rather than that reading was refused.
  var isUnreadable: Bool { operation == .read && kind == .io(5) }
}

extension FileError.Kind {
  fileprivate var sentence: String {
    switch self {
    case .notFound: "there is no such file or directory"
    case .exists: "it exists already"
    case .noSpace: "no space is left"
    case .readOnly: "the file system is read-only"
    case .permission: "permission denied"
    case .notADirectory: "it is not a directory"
    case .foreignOwner(let owner, let process):
      "it belongs to user \(owner), but this process runs as user \(process)"
    case .locked(let holder): "it is in use by \(holder ?? "another process")"
    case .io(let number): "input/output error \(number)"
    }
  }
}
