import AionLog
import AionModel
public import AionNode
import AionRaft

/// Everything that a run is decided by.
public struct Scenario: Hashable, Sendable {
  public let seed: UInt64
  /// How many replicas found the group, and how many it shall have.
  public var replicas: Int
  public var clients: Int
  /// How long faults go on; then the world is healed.
  public var duration: Span
  public var faults: FaultPlan
  /// What a tick lasts on a clock that is right.
  public var tick: Span
  public var options: NodeOptions
  /// What each client waits between two operations, on average.
  public var thinkTime: Span

  /// - Parameter isLite: Few replicas, few clients, little time: for a quick look.
  public init(seed: UInt64, isLite: Bool = false) {
    var chance = SplitMix64(seed: seed, concern: 1)
    self.seed = seed
    replicas = chance.one(of: isLite ? [1, 2, 3] : [1, 2, 3, 3, 3, 4, 5, 5, 6, 7])
    clients = chance.number(in: isLite ? 1...2 : 2...8)
    duration = isLite ? .seconds(10) : .seconds(chance.number(in: 15...45))
    tick = .milliseconds(chance.one(of: [20, 50, 100]))
    thinkTime = .milliseconds(chance.one(of: [30, 100, 400]))
    faults = FaultPlan(seed: seed)
    options = NodeOptions(drawnFrom: &chance)
  }
}

extension NodeOptions {
  /// Limits so small that a run crosses them again and again.
  init(drawnFrom chance: inout SplitMix64) {
    self.init()
    raft.maximumMessageSize = chance.one(of: [.zero, .kibibytes(1), .kibibytes(64)])
    raft.maximumInflightMessages = chance.one(of: [1, 4, 64])
    raft.maximumInflightSize = .mebibytes(1)
    raft.maximumUncommittedSize = chance.one(of: [.kibibytes(4), .mebibytes(1)])
    raft.maximumApplyingSize = chance.one(of: [ByteCount(1), .kibibytes(1), .mebibytes(1)])
    raft.preVote = chance.below(4) > 0
    raft.checkQuorum = chance.below(4) > 0
    raft.removedLeader = chance.one(of: [.handsOver, .handsOver, .stepsDown])
    log.segmentSize = chance.one(of: [.kibibytes(4), .kibibytes(16), .kibibytes(64)])
    log.preallocation = chance.one(of: [.zero, .kibibytes(4)])
    log.growth = .kibibytes(2)
    log.maximumBatch = .kibibytes(64)
    batchSize = chance.one(of: [.kibibytes(1), .kibibytes(16)])
    snapshotAfter = chance.one(of: [.kibibytes(2), .kibibytes(8), .kibibytes(64)])
    keptEntries = chance.one(of: [1, 20, 200])
    snapshotPiece = chance.one(of: [ByteCount(256), .kibibytes(2)])
    snapshotWindow = chance.one(of: [.kibibytes(1), .kibibytes(8)])
  }
}
