public import AionModel

/// Everything that a dashboard or a test wants to see of a replica.
public struct RaftStatus: Hashable, Sendable {
  public var id: ReplicaID
  public var role: RoleName
  public var term: Term
  public var vote: ReplicaID?
  public var leader: ReplicaID?
  public var membership: Membership
  public var committed: LogIndex
  public var applied: LogIndex
  public var first: LogIndex
  public var last: LogPosition
  public var snapshot: SnapshotMetadata
  /// Whom the leadership is being handed to.
  public var transfer: ReplicaID?
  public var uncommittedSize: ByteCount
  /// Reads that wait at this leader.
  public var waitingReads: Int
  /// A leader's view of each member, by ascending id; empty on others.
  public var members: [Member]

  /// What a leader knows of one member.
  public struct Member: Hashable, Sendable {
    public var replica: ReplicaID
    public var isLearner: Bool
    public var phase: Phase
    public var match: LogIndex
    public var next: LogIndex
    public var isPaused: Bool
    /// Heard from since the last check of the quorum.
    public var isActive: Bool
    public var inflightMessages: Int
    public var isWindowFull: Bool
  }

  /// How a leader sends to a member.
  public enum Phase: Hashable, Sendable {
    case probing
    case replicating
    case installing(snapshot: LogIndex)
  }
}

extension RaftCore {
  public var status: RaftStatus {
    let leader = leaderState
    return RaftStatus(
      id: id, role: role.name, term: term, vote: vote, leader: self.leader,
      membership: membership, committed: log.committed, applied: log.applied, first: log.first,
      last: log.last, snapshot: snapshot, transfer: leader?.transfer,
      uncommittedSize: leader?.uncommittedSize ?? .zero,
      waitingReads: leader?.reads.count ?? 0,
      members: leader?.progress.map { status(of: $0) } ?? [])
  }

  private func status(of progress: Progress) -> RaftStatus.Member {
    let phase: RaftStatus.Phase =
      switch progress.phase {
      case .probing: .probing
      case .replicating: .replicating
      case .installing(let index): .installing(snapshot: index)
      }
    return RaftStatus.Member(
      replica: progress.replica, isLearner: progress.isLearner, phase: phase,
      match: progress.match, next: progress.next, isPaused: progress.isPaused,
      isActive: progress.isActive, inflightMessages: progress.inflights?.count ?? 0,
      isWindowFull: progress.isWindowFull(options))
  }
}
