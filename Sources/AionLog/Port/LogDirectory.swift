/// What the log asks of a directory. Names are single path components.
///
/// A creation, renaming or removal survives a loss of power once `sync` has returned.
public protocol LogDirectory: Sendable {
  associatedtype File: LogFile
  /// Held while the directory is locked; the lock goes when the token does.
  associatedtype Lock: Sendable

  /// For messages.
  var path: String { get }

  /// The names of files and directories in it, in ascending order of their bytes.
  func names() throws(FileError) -> [String]

  /// A directory inside this one, made when it is missing and `creating` is set.
  func directory(_ name: String, creating: Bool) throws(FileError) -> Self

  /// A new, empty file for reading and writing; refused with `exists` when the name is taken.
  func create(_ name: String) throws(FileError) -> File

  /// An existing file; `notFound` when there is none.
  func open(_ name: String, for access: FileAccess) throws(FileError) -> File

  /// Gives a file another name in one step, replacing the file that had it.
  func rename(_ name: String, to newName: String) throws(FileError)

  /// Removes a file.
  func remove(_ name: String) throws(FileError)

  /// Makes the names in it survive a loss of power.
  func sync() throws(FileError)

  /// Takes the lock that the file `name` stands for, or is refused with `locked` at once.
  ///
  /// The lock dies with its holder, however it dies.
  func lock(_ name: String) throws(FileError) -> Lock
}

/// What a file is opened for.
public enum FileAccess: Hashable, Sendable {
  case reading
  case updating
}
