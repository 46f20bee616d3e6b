public import AionModel

/// What one replica tells another.
public struct Message: Hashable, Sendable {
  public var from: ReplicaID
  public var to: ReplicaID
  public var body: Body

  public init(from: ReplicaID, to: ReplicaID, _ body: Body) {
    self.from = from
    self.to = to
    self.body = body
  }

  /// What is said, with the sender's term first where it has one.
  public enum Body: Hashable, Sendable {
    /// Raft §5.2. A vote asked for by a leader's own transfer breaks through leases. What the
    /// sender knows to be committed goes along (Docs/Decisions/0008).
    case vote(Term, last: LogPosition, committed: LogPosition, isTransfer: Bool)
    case voteReply(Term, VoteAnswer)
    /// Thesis §9.6; the term is the one that the sender would campaign in.
    case preVote(Term, last: LogPosition, committed: LogPosition)
    /// A grant carries the term asked for, a refusal the term of the one that refuses.
    case preVoteReply(Term, VoteAnswer)
    /// Raft §5.3.
    case append(Term, previous: LogPosition, entries: [Entry], commit: LogIndex)
    case appendReply(Term, AppendResult)
    /// The commit index never exceeds what the follower is known to have.
    case heartbeat(Term, commit: LogIndex, round: ReadRound?)
    case heartbeatReply(Term, round: ReadRound?)
    /// The snapshot itself travels beside the message. Until it is acknowledged nothing else is
    /// sent, so the sender must hear `Input.snapshotStatus` of every one.
    case snapshot(Term, SnapshotMetadata)
    /// Campaign now: a leader hands over (thesis §3.10).
    case timeoutNow(Term)
    /// Passed on to the leader.
    case propose([Proposal])
    case transferLeadership(Term, to: ReplicaID)
    case readIndex(ReadID)
    case readIndexReply(Term, ReadID, index: LogIndex)
  }

  /// What a voter says.
  public enum VoteAnswer: Hashable, Sendable {
    case granted
    /// With what the voter knows to be committed (Docs/Decisions/0008).
    case refused(committed: LogPosition)
  }

  /// What became of an append.
  public enum AppendResult: Hashable, Sendable {
    /// The follower's log agrees with the leader's up to here.
    case matched(LogIndex)
    /// Nothing agrees at `index`; the logs can agree at `hint` at the latest, where the follower
    /// has an entry of `hintTerm`, or does not know.
    case rejected(index: LogIndex, hint: LogIndex, hintTerm: Term?)
  }

  /// The sender's term; proposals and reads that are passed on have none.
  public var term: Term? {
    switch body {
    case .vote(let term, _, _, _), .voteReply(let term, _), .preVote(let term, _, _),
      .preVoteReply(let term, _), .append(let term, _, _, _), .appendReply(let term, _),
      .heartbeat(let term, _, _), .heartbeatReply(let term, _), .snapshot(let term, _),
      .timeoutNow(let term), .transferLeadership(let term, _), .readIndexReply(let term, _, _):
      term
    case .propose, .readIndex: nil
    }
  }

  /// Whether only members have reason to send this.
  var isReply: Bool {
    switch body {
    case .voteReply, .preVoteReply, .appendReply, .heartbeatReply, .readIndexReply: true
    default: false
    }
  }
}

/// Counts a leader's rounds of confirmation within its term; a reply confirms every read that
/// waited when the round began.
@frozen
public struct ReadRound: Identity {
  public var rawValue: UInt64

  @inlinable
  public init(rawValue: UInt64) { self.rawValue = rawValue }
}
