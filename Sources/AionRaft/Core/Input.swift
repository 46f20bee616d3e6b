public import AionModel

/// Everything that can happen to a replica but the completion of its own output.
public enum Input: Hashable, Sendable {
  /// One tick of the clock has passed.
  case tick
  case message(Message)
  case propose([Proposal])
  case proposeConfiguration(ConfigurationChange)
  /// Try to become leader now.
  case campaign
  /// Ask for the index up to which a read must wait; answered by `Output.reads`.
  case readIndex(ReadID)
  case transferLeadership(to: ReplicaID)
  /// Stop believing in the present leader, so that votes can be granted before its timeout.
  case forgetLeader
  /// The transport could not reach a replica.
  case unreachable(ReplicaID)
  /// A connection to a replica broke, as it does when its process ends.
  case lost(ReplicaID)
  /// A snapshot that this leader sent has arrived, or could not be delivered. A leader waits for
  /// this or for the follower's acknowledgement before it sends anything else.
  case snapshotStatus(ReplicaID, delivered: Bool)
}

/// What is to become an entry of the log.
@frozen
public struct Proposal: Hashable, Sendable {
  public var payload: Entry.Payload
  public var proposedAt: WallTime

  @inlinable
  public init(_ payload: Entry.Payload, proposedAt: WallTime = .epoch) {
    self.payload = payload
    self.proposedAt = proposedAt
  }

  /// Bytes for the state machine.
  public static func command(_ bytes: [UInt8], proposedAt: WallTime = .epoch) -> Proposal {
    Proposal(.command(bytes), proposedAt: proposedAt)
  }
}

/// What became of a proposal that was not refused.
public enum Acceptance: Hashable, Sendable {
  /// The entries are in this leader's log. An entry is decided once an entry of its index is
  /// applied: of the same term, it is this one; of another, this one was replaced and will never be
  /// applied.
  case appended(term: Term, indices: Range<LogIndex>, refused: ConfigurationRefusal?)
  /// Sent on to the leader; it may be lost on the way.
  case forwarded(to: ReplicaID)
}

/// Why a membership change became an empty entry.
public enum ConfigurationRefusal: Hashable, Sendable {
  /// A change at or before this index may not be applied yet.
  case unapplied(LogIndex)
  case mustLeaveJointFirst
  case notJoint
  /// It would leave no voter, or change more than one at once without a joint configuration.
  case impossible(Membership.ChangeError)
}

/// A read, named by its caller. A retry takes a new name.
@frozen
public struct ReadID: Identity {
  public var rawValue: UInt64

  @inlinable
  public init(rawValue: UInt64) { self.rawValue = rawValue }
}
