public import AionLog
import AionModel

/// A directory of a `SimulatedDisk`.
public struct SimulatedDirectory: LogDirectory {
  let disk: SimulatedDisk
  public let path: String

  /// The names of files and directories in it, sorted.
  public func names() throws(FileError) -> [String] {
    try disk.begin(.list, path)
    let prefix = path == "/" ? "/" : path + "/"
    let inside = disk.directories.keys.filter { $0 != "/" && $0.hasPrefix(prefix) }
      .map { String($0.dropFirst(prefix.count)) }.filter { !$0.contains("/") }
    return (inside + Array(disk.names(in: path).keys)).sorted()
  }

  /// A directory inside this one; durable at once.
  public func directory(
    _ name: String, creating: Bool
  ) throws(FileError) -> SimulatedDirectory {
    let inner = child(name)
    try disk.begin(.open, inner)
    if disk.directories[inner] == nil {
      if disk.names(in: path)[name] != nil {
        throw FileError(.notADirectory, .open, path: inner)
      }
      guard creating else { throw FileError(.notFound, .open, path: inner) }
      disk.directories[inner] = DirectoryContents()
    }
    return SimulatedDirectory(disk: disk, path: inner)
  }

  /// A new file, forgotten at a crash unless this directory is synced.
  public func create(_ name: String) throws(FileError) -> SimulatedFile {
    try disk.begin(.create, child(name))
    guard disk.names(in: path)[name] == nil else {
      throw FileError(.exists, .create, path: child(name))
    }
    guard disk.room > 0 else {
      disk.tally.refusedForRoom += 1
      throw FileError(.noSpace, .create, path: child(name))
    }
    let contents = FileContents()
    disk.directories[path]?.perform(.add(name, contents), at: disk.time)
    return SimulatedFile(contents, path: child(name), on: disk)
  }

  /// Opens a file.
  public func open(
    _ name: String, for access: FileAccess
  ) throws(FileError) -> SimulatedFile {
    try disk.begin(.open, child(name))
    guard let contents = disk.names(in: path)[name] else {
      throw FileError(.notFound, .open, path: child(name))
    }
    return SimulatedFile(contents, path: child(name), on: disk)
  }

  /// Renames a file, replacing.
  public func rename(_ name: String, to newName: String) throws(FileError) {
    try change(.rename, name) { .rename(name, to: newName, $0) }
  }

  /// Removes a name; open files stay readable.
  public func remove(_ name: String) throws(FileError) {
    try change(.remove, name) { _ in .remove(name) }
  }

  /// Makes the names survive a crash.
  public func sync() throws(FileError) {
    do throws(FileError) { try disk.beginSync(path) } catch {
      disk.directories[path]?.forgetSome(&disk.chance)
      throw error
    }
    let begun = disk.time
    disk.passSync()
    disk.directories[path]?.sync(begun: begun, done: disk.time, present: disk.present)
  }

  /// Takes the lock; a crash drops it.
  public func lock(_ name: String) throws(FileError) -> SimulatedLock {
    try SimulatedLock(disk, child(name))
  }

  private func change(
    _ operation: FileError.Operation, _ name: String,
    _ change: (FileContents) -> DirectoryContents.NameChange
  ) throws(FileError) {
    try disk.begin(operation, child(name))
    guard let contents = disk.names(in: path)[name] else {
      throw FileError(.notFound, operation, path: child(name))
    }
    disk.directories[path]?.perform(change(contents), at: disk.time)
  }

  private func child(_ name: String) -> String { path == "/" ? "/" + name : path + "/" + name }
}

/// What a directory names: as programs see it, and as it would be found after a loss of power.
struct DirectoryContents {
  private(set) var names: [String: FileContents] = [:]
  private(set) var durable: [String: FileContents] = [:]
  private(set) var journal = Journal<NameChange>()
  /// A sync has failed: programs see names that the journal does not have any more. The next change
  /// writes the whole directory, as a file system writes whole blocks.
  private var isBehind = false

  enum NameChange {
    case add(String, FileContents)
    /// With the file: a failed sync may have forgotten how its old name came about.
    case rename(String, to: String, FileContents)
    case remove(String)
    case rewrite([String: FileContents])

    func apply(to names: inout [String: FileContents]) {
      switch self {
      case .add(let name, let contents): names[name] = contents
      case .rename(let name, let newName, let contents):
        names[name] = nil
        names[newName] = contents
      case .remove(let name): names[name] = nil
      case .rewrite(let all): names = all
      }
    }
  }

  mutating func perform(_ change: NameChange, at time: Moment) {
    change.apply(to: &names)
    journal.note(isBehind ? .rewrite(names) : change, at: time)
    isBehind = false
  }

  mutating func sync(begun: Moment, done: Moment, present: Moment) {
    settle(by: present)
    journal.noteSync(begun: begun, done: done)
  }

  mutating func settle(by now: Moment) {
    for change in journal.takeDurable(by: now) { change.apply(to: &durable) }
  }

  mutating func forgetSome(_ chance: inout SplitMix64) {
    journal.forgetSome(&chance)
    isBehind = true
  }

  /// A crash: `kept` says how many of the unsynced changes are left.
  mutating func crash(at now: Moment, keeping kept: (Int) -> Int) {
    settle(by: now)
    let unsynced = journal.takeUnsynced(by: now)
    for change in unsynced.prefix(kept(unsynced.count)) { change.apply(to: &durable) }
    names = durable
    isBehind = false
  }
}

/// Held while a simulated directory is locked.
public final class SimulatedLock: Sendable {
  private let disk: SimulatedDisk
  private let place: String
  /// A lock taken after a crash is another one, which this must not release.
  private let ticket: Int

  init(_ disk: SimulatedDisk, _ place: String) throws(FileError) {
    guard disk.locks[place] == nil else {
      throw FileError(.locked(holder: "another opener of this disk"), .lock, path: place)
    }
    disk.lastTicket += 1
    disk.locks[place] = disk.lastTicket
    self.disk = disk
    self.place = place
    ticket = disk.lastTicket
  }

  deinit { if disk.locks[place] == ticket { disk.locks[place] = nil } }
}
