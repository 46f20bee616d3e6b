public import AionModel

/// A replica as an operator wants to see it from afar (aion.v1.ServiceStatus).
public struct ServiceStatus: Hashable, Sendable {
  /// What a replica is in its group.
  public enum Role: UInt8, Hashable, Sendable, CaseIterable {
    case leader = 1
    case follower = 2
    case candidate = 3
    case learner = 4
  }

  /// A replica that belongs to the group, as the one that is asked knows it.
  public struct Member: Hashable, Sendable {
    public var peer: PeerIdentity
    public var votes: Bool
    /// How much of the leader's log it has, as the leader knows; nil where it is not known.
    public var matched: LogIndex?

    public init(peer: PeerIdentity, votes: Bool, matched: LogIndex? = nil) {
      self.peer = peer
      self.votes = votes
      self.matched = matched
    }
  }

  public var cluster: ClusterID
  public var replica: PeerIdentity
  public var role: Role
  public var leader: ReplicaID?
  public var term: Term
  public var committed: LogIndex
  public var applied: LogIndex
  public var last: LogIndex
  /// The entry up to which the newest snapshot reaches; 0 without one.
  public var snapshot: LogIndex
  public var catalogVersion: CatalogVersion
  public var placementEpoch: PlacementEpoch
  public var queuedWrites: Int
  /// Why it takes no writes though it may lead, in words; nil when it does.
  public var problem: String?
  /// By ascending id.
  public var members: [Member]
  /// Of the program; empty when it is older than 0.1.0.
  public var release: String
  /// What its data directory takes, and what is left for it; nil where that is not known.
  public var usedSpace: ByteCount?
  public var freeSpace: ByteCount?

  public init(cluster: ClusterID, replica: PeerIdentity, role: Role) {
    self.cluster = cluster
    self.replica = replica
    self.role = role
    leader = nil
    term = .zero
    committed = .zero
    applied = .zero
    last = .zero
    snapshot = .zero
    catalogVersion = .zero
    placementEpoch = .zero
    queuedWrites = 0
    problem = nil
    members = []
    release = ""
    usedSpace = nil
    freeSpace = nil
  }
}
