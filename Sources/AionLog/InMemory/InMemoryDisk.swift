public import AionModel
import Synchronization

/// A disk in memory that forgets, at a crash, what was not synced.
///
/// Names and bytes are kept twice: as programs see them, and as they would be found after a loss of
/// power. It can be told to fill up, to write short, to fail, and to die after so many operations.
public final class InMemoryDisk: Sendable {
  let state: Mutex<State>

  public init() { state = Mutex(State()) }

  /// The directory at the top.
  public var root: InMemoryLogDirectory { InMemoryLogDirectory(disk: self, path: "/") }

  /// What the disk will do to whoever uses it.
  public struct Faults: Hashable, Sendable {
    /// Bytes that all files together may hold; nil for no limit.
    public var capacity: ByteCount?
    /// The most bytes that one write takes; nil for no limit.
    public var longestWrite: ByteCount?
    /// Every sync fails with an input/output error.
    public var failsSync = false
    /// Every write fails with an input/output error.
    public var failsWrite = false
    /// Files that were opened by these paths cannot be read (EIO).
    public var unreadable: Set<String> = []
    /// Nothing may be changed.
    public var isReadOnly = false
    /// How many more changing operations succeed before power is lost; nil for never.
    public var operationsBeforeCrash: Int?

    public init() {}
  }

  /// May be changed at any time; what is under way meets the new ones.
  public var faults: Faults {
    get { state.withLock { $0.faults } }
    set { state.withLock { $0.faults = newValue } }
  }

  /// Changing operations so far: creations, writes, syncs, truncations, renamings, removals.
  public var operationCount: Int { state.withLock { $0.operationCount } }

  /// Whether a loss of power would take nothing back.
  public var isSynced: Bool {
    state.withLock { state in
      state.files.values.allSatisfy(\.pending.isEmpty)
        && state.directories.values.allSatisfy(\.pending.isEmpty)
    }
  }
}

extension InMemoryDisk {
  struct State {
    var faults = Faults()
    var operationCount = 0
    var isDead = false
    var files: [Int: FileNode] = [:]
    var directories: [String: DirectoryNode] = ["/": DirectoryNode()]
    var locks: [String: Int] = [:]
    var nextLock = 0
    var nextFile = 1
  }

  struct FileNode {
    var bytes: [UInt8] = []
    var durable: [UInt8] = []
    var pending: [FileChange] = []
  }

  enum FileChange {
    case write(at: Int, [UInt8])
    case truncate(to: Int)
  }

  /// Directories themselves are durable at once; what they name is not.
  struct DirectoryNode {
    var names: [String: Int] = [:]
    var durable: [String: Int] = [:]
    var pending: [NameChange] = []
  }

  enum NameChange {
    case add(String, file: Int)
    case rename(String, to: String)
    case remove(String)
  }
}

extension InMemoryDisk.State {
  /// Counts a changing operation, and lets it fail when its time has come.
  mutating func begin(
    _ operation: FileError.Operation, _ path: String
  ) throws(FileError) {
    if isDead { throw FileError(.io(5), operation, path: path) }
    if faults.isReadOnly { throw FileError(.readOnly, operation, path: path) }
    if let left = faults.operationsBeforeCrash {
      if left == 0 {
        isDead = true
        throw FileError(.io(5), operation, path: path)
      }
      faults.operationsBeforeCrash = left - 1
    }
    operationCount += 1
  }

  func check(_ operation: FileError.Operation, _ path: String) throws(FileError) {
    if isDead { throw FileError(.io(5), operation, path: path) }
  }

  /// Of files that have a name.
  var used: Int {
    directories.values.reduce(0) { sum, directory in
      directory.names.values.reduce(sum) { $0 + (files[$1]?.bytes.count ?? 0) }
    }
  }
}
