/// A shard's part in a distributed write.
public struct TxnParticipant: Hashable, Sendable {
  public var shard: ShardKey
  /// The shard's leader as the coordinator knows it; nil: as the catalog knows it.
  public var leader: NodeID?

  public init(shard: ShardKey, leader: NodeID? = nil) {
    self.shard = shard
    self.leader = leader
  }
}

/// How a transaction ends.
@frozen
public enum TxnDecision: UInt8, Hashable, Sendable, CustomStringConvertible {
  case commit = 1
  case abort = 2

  public var description: String { self == .commit ? "commit" : "abort" }
}

/// How far a transaction has come.
@frozen
public enum TxnRecordStatus: UInt8, Hashable, Sendable, CustomStringConvertible {
  case active = 1
  case prepared = 2
  case committed = 3
  case aborted = 4

  public var isDecided: Bool { self == .committed || self == .aborted }

  public var description: String {
    switch self {
    case .active: "active"
    case .prepared: "prepared"
    case .committed: "committed"
    case .aborted: "aborted"
    }
  }
}

/// What the control plane remembers of a transaction until it is forgotten.
public struct TxnRecord: Hashable, Sendable {
  public var id: TxnID
  public var scope: TxnScope
  public var status: TxnRecordStatus
  /// In shard order, each with its leader; empty until prepared.
  public var participants: [TxnParticipant]
  /// The log index of the decision; of a commit, its timestamp.
  public var decidedAt: SnapshotTimestamp?

  public init(
    id: TxnID, scope: TxnScope, status: TxnRecordStatus = .active,
    participants: [TxnParticipant] = [], decidedAt: SnapshotTimestamp? = nil
  ) {
    self.id = id
    self.scope = scope
    self.status = status
    self.participants = participants
    self.decidedAt = decidedAt
  }

  public var decision: TxnDecision? {
    switch status {
    case .active, .prepared: nil
    case .committed: .commit
    case .aborted: .abort
    }
  }
}
