public import AionModel
public import AionRaft

/// A replica as an operator wants to see it.
public struct ReplicaStatus: Hashable, Sendable {
  /// Of its log and its state.
  public var storage: DurableStatus
  public var role: RoleName
  public var leader: ReplicaID?
  public var membership: Membership
  /// A leader's view of each member, by ascending id; empty on others. As of the last tick.
  public var progress: [RaftStatus.Member]
  /// Whether all founders know this replica; before, it promises nothing.
  public var isIntroduced: Bool
  /// Envelopes of strangers: of other clusters, and of directories that are not a member's.
  public var refusedEnvelopes: Int
  /// Envelopes that found no room before the replica's thread.
  public var droppedEnvelopes: Int
  /// Snapshots of other replicas that took the place of the state.
  public var installedSnapshots: Int
  /// Times that this replica became leader.
  public var wonElections: Int
}
