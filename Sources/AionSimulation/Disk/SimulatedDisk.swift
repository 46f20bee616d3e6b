import AionLog
import AionModel

/// The disk of one replica: forgets at a crash what was not synced, takes its time, fails, fills up
/// and rots.
///
/// A crash can come at any moment of a call that has long returned to the node: see `Journal`.
///
/// Unchecked, since a world is used by one thread; `LogDirectory` asks for it for other owners.
public final class SimulatedDisk: @unchecked Sendable {
  /// Moves on with every operation.
  public private(set) var time = Moment.start
  /// When the call began that is using the disk. No crash can come before.
  private(set) var present = Moment.start
  package var speed: DiskSpeed
  package var faults = DiskFaults()
  /// Bytes that all files together may hold; nil for no limit.
  var capacity: Int?
  var tally = DiskTally()

  var chance: SplitMix64
  var directories: [String: DirectoryContents] = ["/": DirectoryContents()]
  var locks: [String: Int] = [:]
  var lastTicket = 0

  public init(seed: UInt64, speed: DiskSpeed = DiskSpeed()) {
    chance = SplitMix64(seed: seed)
    self.speed = speed
  }

  /// Whoever is about to use the disk says when.
  func begin(at now: Moment) {
    time = now
    present = now
  }

  /// The directory at the top.
  public var root: SimulatedDirectory { SimulatedDirectory(disk: self, path: "/") }

  func names(in path: String) -> [String: FileContents] { directories[path]?.names ?? [:] }

  /// Power goes and comes back.
  package func crash(at now: Moment, _ survival: Survival) {
    let paths = directories.keys.sorted()
    for path in paths {
      // A file is settled under the names that programs see and those that are durable.
      var files = directories[path]?.names ?? [:]
      directories[path]?.crash(at: now) { count in
        switch survival {
        case .synced: 0
        case .everything: count
        case .prefix, .sectors: chance.below(count + 1)
        }
      }
      files.merge(names(in: path)) { _, durable in durable }
      for name in files.keys.sorted() { files[name]?.crash(at: now, survival, &chance) }
    }
    locks = [:]
  }

  /// The process ends and the machine does not: what was written is still read, be it synced or
  /// not, and what a failed sync has given up is still never written.
  package func loseProcess() { locks = [:] }

  /// Bytes that can still be written.
  var room: Int {
    guard let capacity else { return .max }
    return max(0, capacity - used)
  }
}

/// How long operations take.
public struct DiskSpeed: Hashable, Sendable {
  /// A read, a write, or a change of a name.
  public var operation = Span.microseconds(5)
  public var sync = Span.microseconds(200)
  /// How many times slower everything is for now.
  public var slowness = 1

  public init() {}
}

/// How often operations fail with an input/output error.
public struct DiskFaults: Hashable, Sendable {
  public var read = Odds.never
  public var write = Odds.never
  public var sync = Odds.never

  public init() {}
}

/// What a disk has done to whoever uses it.
struct DiskTally {
  var syncs = 0
  var failedReads = 0
  var failedWrites = 0
  var failedSyncs = 0
  var refusedForRoom = 0

  var failures: Int { failedReads + failedWrites + failedSyncs }
}

extension SimulatedDisk {
  /// Lets an operation take its time, or fail.
  func begin(_ operation: FileError.Operation, _ path: String) throws(FileError) {
    time += speed.operation * speed.slowness
    if operation == .read {
      guard faults.read.perMillion > 0, chance.happens(faults.read) else { return }
      tally.failedReads += 1
      throw FileError(.io(5), operation, path: path)
    }
    guard faults.write.perMillion > 0, operation == .write, chance.happens(faults.write) else {
      return
    }
    tally.failedWrites += 1
    throw FileError(.io(5), operation, path: path)
  }

  func beginSync(_ path: String) throws(FileError) {
    tally.syncs += 1
    guard faults.sync.perMillion > 0, chance.happens(faults.sync) else { return }
    passSync()
    tally.failedSyncs += 1
    throw FileError(.io(5), .sync, path: path)
  }

  /// A sync takes from half to one and a half of its usual time.
  func passSync() {
    let usual = speed.sync.microseconds
    time += Span(microseconds: usual / 2 + chance.below(usual + 1)) * speed.slowness
  }
}
