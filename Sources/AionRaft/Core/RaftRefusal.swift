public import AionModel

/// Why an input was not taken. Nothing has changed, unless the case says otherwise.
public enum RaftRefusal: Error, Hashable, Sendable {
  // Proposals
  case noLeader(Term)
  /// A follower that does not forward; the leader to ask instead.
  case notLeader(leader: ReplicaID)
  /// This leader is no member of its group any more.
  case notMember
  case transferInProgress(to: ReplicaID)
  /// Too much is proposed and not yet applied; try again later.
  case busy(uncommitted: ByteCount, limit: ByteCount)
  case emptyProposal

  // Reads
  /// Too many wait already; try again later.
  case tooManyReads(limit: Int)

  // Elections and transfers
  case alreadyLeader
  /// Not a voter, or a snapshot is still to be installed.
  case notElectable
  /// A committed membership change is not yet applied.
  case unappliedConfiguration
  case termsExhausted
  case transferToLearner(ReplicaID)
  case transferAlreadyRunning(to: ReplicaID)
  /// Forgetting a leader would break its lease.
  case leaseForbids

  // Messages
  case notAddressee(ReplicaID)
  /// A reply of a replica that is no member.
  case unknownReplica(ReplicaID)
  case malformedMessage(String)

  // Damage: the replica must not go on as if it were whole. Only the term and the leader of the
  // message have been taken over.
  /// The leader has counted entries that are no longer here: this replica's disk was lost or cut.
  case acknowledgedEntriesLost(last: LogIndex, leaderCounts: LogIndex)
  /// A leader wants to replace an entry that is committed here.
  case conflictsWithCommitted(index: LogIndex, committed: LogIndex)
}

/// Why a replica cannot start from what it was given.
public enum RaftStartError: Error, Hashable, Sendable {
  case options(String)
  case emptyIdentity
  /// Entries must follow the snapshot and one another without gaps, with terms that never fall.
  case discontinuousEntries(after: LogPosition, found: LogPosition)
  case commitBeyondLog(commit: LogIndex, last: LogIndex)
  case termBehindLog(term: Term, last: LogPosition)
  case brokenMembership(Membership)
}
