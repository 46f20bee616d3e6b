public import AionLog
public import AionModel
public import AionRaft

/// What follows from what a node was given: whom to answer, what to send, what to do elsewhere.
public struct Effects<Machine: StateMachine> {
  /// Answers that rest on synced and applied entries.
  public var replies: [Reply<Machine.Outcome>] = []
  /// Answers to membership changes, with the membership that came of them.
  public var membershipReplies: [Reply<Membership>] = []
  /// What was applied, in order.
  public var changes: [Machine.Change] = []
  /// What became of reads.
  public var reads: [ReadOutcome] = []
  /// For other replicas, in order, after what `Node.sendAtOnce` was given; what they promise is
  /// synced.
  public var envelopes: [Envelope] = []
  /// What this replica is and whom it follows, when that has changed; the newest only.
  public var leadership: NodeLeadership?
  /// The members, when they have changed; the newest only.
  public var membership: Membership?
  /// Whom this replica did not hear, and who did not hear it.
  public var refusals: [Refused] = []
  /// This replica has lost what it promised, or is whole again; the newest only. What opening found
  /// is in `Node.recoveryReport`.
  public var recovery: RecoveryChange?
  /// A state that came from another replica took the place of this one's: who follows `changes`
  /// has to begin again from it.
  public var installed: LogIndex?
  /// Work for another thread.
  public var work: [BackgroundWork<Machine>] = []
  /// What went wrong without harm.
  public var warnings: [LogFault] = []

  public init() {}

  /// Forgets everything and keeps the memory for the next round.
  @inlinable
  public mutating func removeAll() {
    replies.removeAll(keepingCapacity: true)
    membershipReplies.removeAll(keepingCapacity: true)
    changes.removeAll(keepingCapacity: true)
    reads.removeAll(keepingCapacity: true)
    envelopes.removeAll(keepingCapacity: true)
    leadership = nil
    membership = nil
    refusals.removeAll(keepingCapacity: true)
    recovery = nil
    installed = nil
    work.removeAll(keepingCapacity: true)
    warnings.removeAll(keepingCapacity: true)
  }
}

/// What became of a read.
public enum ReadOutcome: Hashable, Sendable {
  /// The state, applied up to `index` at least, shows every write that was acknowledged before the
  /// read was asked for.
  case ready(ReadID, index: LogIndex)
  /// Ask again, under a new name.
  case failed(ReadID, ClusterError)
}

/// Who leads, as far as a replica knows, and what it is itself.
public struct NodeLeadership: Hashable, Sendable {
  public var role: RoleName
  public var leader: ReplicaID?
  public var term: Term

  public init(role: RoleName, leader: ReplicaID?, term: Term) {
    self.role = role
    self.leader = leader
    self.term = term
  }
}

/// An envelope that was not taken.
public struct Refused: Hashable, Sendable {
  public var replica: ReplicaID
  public var reason: EnvelopeRefusal
  /// Whether it is this replica that the other one does not hear.
  public var isOwn: Bool

  public init(replica: ReplicaID, reason: EnvelopeRefusal, isOwn: Bool) {
    self.replica = replica
    self.reason = reason
    self.isOwn = isOwn
  }
}

/// What the node's thread must not do itself, because it takes long.
public enum BackgroundWork<Machine: StateMachine>: Sendable {
  /// Write a snapshot (`StateMachine.write`) and tell `Node.snapshotEnded`.
  case snapshot(Machine.View, SnapshotMetadata)
}
