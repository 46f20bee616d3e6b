/// What can go wrong in a world, and what its operators may do to it meanwhile.
public enum FaultKind: String, Hashable, Sendable, CaseIterable {
  // Messages
  case loss, delay, duplication, reordering
  // Paths between replicas
  case partition
  case oneWayPartition = "one-way-partition"
  case clog
  // Processes and their clocks
  case crash
  case crashOfAll = "crash-of-all"
  case pause
  case clockDrift = "clock-drift"
  case clockJump = "clock-jump"
  // Disks, without lasting harm
  case tornWrite = "torn-write"
  case slowSync = "slow-sync"
  case failedSync = "failed-sync"
  case failedWrite = "failed-write"
  case readError = "read-error"
  case fullDisk = "full-disk"
  // Disks that lose what they promised: on a minority only
  case bitRot = "bit-rot"
  case misdirectedWrite = "misdirected-write"
  case wipe
  // Operators
  case membership, transfer, compaction
  // Clients that hear nothing
  case lostAnswer = "lost-answer"
  // Connections, also without a crash; at the end, for its number
  case brokenConnection = "broken-connection"

  /// Those that cut paths.
  static let cutting: [FaultKind] = [.partition, .oneWayPartition]

  /// Those that strike from time to time, with how long it is on average between two strikes when
  /// they are rare. The others are a property of every message, operation or clock.
  var meanPause: Span? {
    switch self {
    case .loss, .delay, .duplication, .reordering, .clockDrift, .tornWrite, .lostAnswer: nil
    case .crash: .seconds(8)
    case .crashOfAll: .seconds(25)
    case .partition, .oneWayPartition, .clog, .pause, .slowSync: .seconds(10)
    case .brokenConnection: .seconds(5)
    case .clockJump, .transfer, .compaction: .seconds(8)
    case .failedSync, .failedWrite, .readError, .fullDisk: .seconds(15)
    case .bitRot, .misdirectedWrite, .wipe: .seconds(20)
    case .membership: .seconds(8)
    }
  }

  /// Its own number in the streams of chance: never changed, so that seeds keep their meaning.
  var concern: UInt64 { UInt64(Self.allCases.firstIndex(of: self) ?? 0) + 100 }
}

/// How hard a world is hit by one fault.
public enum Intensity: Int, Hashable, Sendable, Comparable, CaseIterable {
  case off, rare, frequent, heavy

  public static func < (left: Intensity, right: Intensity) -> Bool {
    left.rawValue < right.rawValue
  }

  /// One of four values, the mildest first.
  func choose<Value>(_ values: (Value, Value, Value, Value)) -> Value {
    switch self {
    case .off: values.0
    case .rare: values.1
    case .frequent: values.2
    case .heavy: values.3
    }
  }
}
