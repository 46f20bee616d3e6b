/// A refusal: the answer that a caller gets when the control plane does not do what was asked.
///
/// Closed, with a stable code for machines (`sqlState`) and a message that names the object and
/// says what to do. Damage to files is another thing (`LogFault` in AionLog).
public enum ClusterError: Error, Hashable, Sendable {
  // Names and values
  case invalidName(NameKind, String, NameProblem)
  case limitExceeded(ClusterLimit, asked: Int, allowed: Int)

  // Databases
  case databaseExists(name: String)
  case unknownDatabase(DatabaseReference)
  case protectedDatabase(DatabaseID, DatabaseOperation)

  // Nodes
  case unknownNode(NodeID)
  case nodeDown(NodeID)
  /// `count` placements in all; `example` is one of them.
  case nodeHostsReplicas(NodeID, count: Int, example: ShardKey)

  // Shards
  case unknownShard(ShardReference)
  /// Several tables have a shard of this number; the first few are named.
  case ambiguousShard(ShardID, tables: [TableKey], count: Int)
  case invalidPlacement(ShardKey, PlacementProblem)
  case placementChanged(ShardKey, expected: [ShardPlacement], current: [ShardPlacement])
  case tableWithoutShards(TableKey)
  case leaderDown(ShardKey, leader: NodeID)
  case quorumLost(ShardKey, liveVoters: Int, voters: Int)
  case notAReplica(ShardKey, NodeID)
  case notAVoter(ShardKey, NodeID)

  // Transactions
  case invalidScope(ScopeProblem)
  case fragmentOutsideScope(label: String, FragmentProblem)
  case unknownTransaction(TxnID)
  case transactionNotActive(TxnID, TxnRecordStatus)
  case participantsOutsideScope(TxnID, ShardKey?)
  case participantWithoutLeader(TxnID, ShardKey)
  case staleLeader(ShardKey, claimed: NodeID, current: NodeID)
  case alreadyDecided(TxnID, recorded: TxnDecision, asked: TxnDecision)
  case notPrepared(TxnID)
  case notDecided(TxnID)

  // Versions
  case preconditionFailed(VersionMismatch)
  /// Changes from `asked` on are no longer kept; `oldest` is the first that is.
  case compacted(asked: LogIndex, oldest: LogIndex)

  // Fragments
  /// The fragment was planned with a catalog that is not the node's: `expected` is what it was
  /// planned with, `current` what the node knows. Is that newer, what the fragment names has
  /// changed since; is it older, the node has not caught up in time.
  case fragmentOutOfStep(label: String, VersionMismatch)
  /// The fragment did not end in its time, and was cancelled; what it wrote may be there.
  case fragmentTimedOut(label: String, after: Duration)

  // Sessions
  /// The session is unknown, closed, or made room for others. What was sent under it before and
  /// left open may be made or not.
  case sessionExpired(SessionID)
  /// The client said that everything below `answeredBelow` was answered, this one included: a late
  /// duplicate, which does nothing.
  case sequenceAnswered(SessionID, SequenceNumber, answeredBelow: SequenceNumber)

  // The service
  case notLeader(leader: NodeID?, address: String?)
  /// No replica was reached that could have done it, in the time that there was.
  case unreachable(reason: String)
  case busy(BusyReason)
  /// The replica that was asked lost its leadership before it could tell, or the connection to it
  /// was lost: the change may be made, or never. Only a command that can be told from its
  /// repetition is safe to send again: one with a `SessionStamp`.
  case outcomeUnknown
  /// The members of the group cannot be changed so.
  case membershipRefused(MembershipProblem)
  /// The caller stopped waiting; the change may be made all the same.
  case cancelled
  case closed
  case diskFull(path: String)
  /// The log is poisoned: reads go on, nothing more is written until it is reopened.
  case storageFailed(path: String, reason: String)

  /// Of a later release, or of the way there: a code and words are all that is known of it.
  case other(sqlState: String, message: String)
}

extension ClusterError {
  /// Whether the change may have been made, or may still be; after any other error it was not.
  public var leavesChangeOpen: Bool {
    switch self {
    case .outcomeUnknown, .cancelled, .storageFailed, .fragmentTimedOut: true
    default: false
    }
  }
}
