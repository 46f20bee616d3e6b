import AionModel
import Synchronization

/// A directory of an `InMemoryDisk`.
public struct InMemoryLogDirectory: LogDirectory {
  public let disk: InMemoryDisk
  public let path: String

  init(disk: InMemoryDisk, path: String) {
    self.disk = disk
    self.path = path
  }

  /// The top of a disk of its own.
  public init() { self.init(disk: InMemoryDisk(), path: "/") }

  /// The names of files and directories in it, sorted.
  public func names() throws(FileError) -> [String] {
    try disk.state.withLock { (state) throws(FileError) in
      try state.check(.list, path)
      let prefix = path == "/" ? "/" : path + "/"
      let inside = state.directories.keys.filter { $0 != "/" && $0.hasPrefix(prefix) }
        .map { String($0.dropFirst(prefix.count)) }.filter { !$0.contains("/") }
      return (inside + Array(state.directories[path, default: .init()].names.keys)).sorted()
    }
  }

  /// A directory inside this one; durable at once.
  public func directory(
    _ name: String, creating: Bool
  ) throws(FileError) -> InMemoryLogDirectory {
    let inner = child(name)
    try disk.state.withLock { (state) throws(FileError) in
      try state.check(.open, inner)
      if state.directories[inner] != nil { return }
      if state.directories[path]?.names[name] != nil {
        throw FileError(.notADirectory, .open, path: inner)
      }
      guard creating else { throw FileError(.notFound, .open, path: inner) }
      try state.begin(.create, inner)
      state.directories[inner] = InMemoryDisk.DirectoryNode()
    }
    return InMemoryLogDirectory(disk: disk, path: inner)
  }

  /// A new file, forgotten at a crash unless this directory is synced.
  public func create(_ name: String) throws(FileError) -> InMemoryLogFile {
    let number = try disk.state.withLock { (state) throws(FileError) in
      try state.begin(.create, child(name))
      guard state.directories[path]?.names[name] == nil else {
        throw FileError(.exists, .create, path: child(name))
      }
      let number = state.nextFile
      state.nextFile += 1
      state.files[number] = InMemoryDisk.FileNode()
      state.directories[path]?.names[name] = number
      state.directories[path]?.pending.append(.add(name, file: number))
      return number
    }
    return InMemoryLogFile(disk: disk, number: number, path: child(name))
  }

  /// Opens a file.
  public func open(
    _ name: String, for access: FileAccess
  ) throws(FileError) -> InMemoryLogFile {
    let number = try disk.state.withLock { (state) throws(FileError) in
      try state.check(.open, child(name))
      if access == .updating, state.faults.isReadOnly {
        throw FileError(.readOnly, .open, path: child(name))
      }
      guard let number = state.directories[path]?.names[name] else {
        throw FileError(.notFound, .open, path: child(name))
      }
      return number
    }
    return InMemoryLogFile(disk: disk, number: number, path: child(name))
  }

  /// Renames a file, replacing.
  public func rename(_ name: String, to newName: String) throws(FileError) {
    try change(.rename, name) { $0.pending.append(.rename(name, to: newName)) }
  }

  /// Removes a name; open files stay readable.
  public func remove(_ name: String) throws(FileError) {
    try change(.remove, name) { $0.pending.append(.remove(name)) }
  }

  /// Makes the names survive a crash.
  public func sync() throws(FileError) {
    try disk.state.withLock { (state) throws(FileError) in
      try state.begin(.sync, path)
      if state.faults.failsSync { throw FileError(.io(5), .sync, path: path) }
      guard let node = state.directories[path] else { return }
      state.directories[path]?.durable = node.names
      state.directories[path]?.pending = []
    }
  }

  /// Takes the lock; a crash of the disk drops it.
  public func lock(_ name: String) throws(FileError) -> InMemoryLock {
    let place = child(name)
    let ticket = try disk.state.withLock { (state) throws(FileError) in
      try state.check(.lock, place)
      if state.faults.isReadOnly { throw FileError(.readOnly, .lock, path: place) }
      guard state.locks[place] == nil else {
        throw FileError(.locked(holder: "another opener of this disk"), .lock, path: place)
      }
      state.nextLock += 1
      state.locks[place] = state.nextLock
      return state.nextLock
    }
    return InMemoryLock(disk: disk, place: place, ticket: ticket)
  }

  private func change(
    _ operation: FileError.Operation, _ name: String,
    _ append: (inout InMemoryDisk.DirectoryNode) -> Void
  ) throws(FileError) {
    try disk.state.withLock { (state) throws(FileError) in
      try state.begin(operation, child(name))
      guard var node = state.directories[path], node.names[name] != nil else {
        throw FileError(.notFound, operation, path: child(name))
      }
      append(&node)
      node.pending.last?.apply(to: &node.names)
      state.directories[path] = node
    }
  }

  private func child(_ name: String) -> String { path == "/" ? "/" + name : path + "/" + name }
}

/// Held while an in-memory directory is locked.
public final class InMemoryLock: Sendable {
  private let disk: InMemoryDisk
  private let place: String
  /// A lock taken after a crash is another one, which this must not release.
  private let ticket: Int

  init(disk: InMemoryDisk, place: String, ticket: Int) {
    self.disk = disk
    self.place = place
    self.ticket = ticket
  }

  deinit {
    disk.state.withLock { if $0.locks[place] == ticket { $0.locks[place] = nil } }
  }
}
