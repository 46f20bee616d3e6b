import AionLog
import AionModel
import AionRaft
import Testing

/// What most tests of the log begin with.
enum LogWorld {
  static let identity = LogIdentity(
    cluster: ClusterID(0xA10_0001), replica: ReplicaID(1), nodeName: "node-a")

  /// Small enough that a test sees rotation, growth and preallocation.
  static let limits = LogLimits(
    segmentSize: .kibibytes(8), preallocation: .kibibytes(4), growth: .kibibytes(1),
    maximumBatch: .kibibytes(64))

  /// Limits of the format itself, without preallocation.
  static let plainAppends = LogLimits(
    segmentSize: .kibibytes(8), preallocation: .zero, growth: .zero,
    maximumBatch: .kibibytes(64))

  static func open(
    _ directory: InMemoryLogDirectory, limits: LogLimits = limits,
    as identity: LogIdentity = identity
  ) throws(LogFault) -> (log: Log<InMemoryLogDirectory>, recovered: Recovered) {
    try Log.open(directory, as: identity, limits: limits)
  }

  /// A command entry whose payload can be told from every other's.
  static func entry(_ index: UInt64, term: UInt64 = 1, size: Int = 24) -> Entry {
    var generator = SplitMix64(seed: index &* 1_000_003 &+ term)
    let payload = (0..<size).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    return Entry(
      index: LogIndex(index), term: Term(term),
      proposedAt: WallTime(nanosecondsSince1970: Int64(index) * 1_000_000),
      payload: .command(payload))
  }

  /// Elements of a repeated bytes field: what a chunk of a snapshot looks like.
  static func payload(_ size: Int, seed: UInt64 = 1) -> [UInt8] {
    var generator = SplitMix64(seed: seed)
    var bytes: [UInt8] = []
    while bytes.count < size {
      bytes += [0x0A, 6] + (0..<6).map { _ in UInt8(truncatingIfNeeded: generator.next() & 15) }
    }
    return bytes
  }

  static func entries(_ indexes: ClosedRange<UInt64>, term: UInt64 = 1, size: Int = 24) -> [Entry] {
    indexes.map { entry($0, term: term, size: size) }
  }
}

extension Log {
  /// Appends and syncs one batch.
  func write(_ entries: [Entry], hardState: HardState? = nil) throws(LogFault) {
    try append(hardState: hardState, entries: entries)
    try sync()
  }
}
