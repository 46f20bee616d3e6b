public import AionCluster
public import AionModel
public import AionPlacement
public import AionRPC

/// How one process of the replicated service is set up.
public struct ServerConfiguration: Sendable {
  /// The data directory; its parent must exist.
  public var directory: String
  /// The name that people know the process by.
  public var name: NodeID
  /// Where it listens for replicas and clients; port 0 lets the system choose.
  public var listen: Address
  /// Where others reach it; nil: where it listens.
  public var advertise: Address?
  /// Where it shows its pages; nil: nowhere.
  public var pages: Address?
  /// How it begins when the directory is empty.
  public var beginning: ServerBeginning
  public var security = TransportSecurity.plaintext()
  public var policy = AccessPolicy.trustful
  public var limits = ConnectionLimits()
  public var storage = DurableConfiguration()
  /// A leader sends a heartbeat as often.
  public var tick = Duration.milliseconds(100)
  /// Ticks without a leader after which there is an election; up to twice as many.
  public var electionTicks = 10
  /// How long writes wait, at most, for others to share a batch with (`ReplicaConfiguration`).
  public var gathering = Duration.milliseconds(2)
  /// What it shows when it asks to be taken in; nil: its certificate, or nothing.
  public var joinToken: String?
  /// How long it tries to be taken in by a group that it is to join.
  public var joinPatience = Duration.seconds(60)
  /// What agents of nodes may undertake.
  public var nodes = NodeSettings()
  /// How shards are to be replicated; with sharding and auto-rebalance on, the leader sees to it.
  public var sharding = ShardingConfiguration()
  /// How often it does, beside whenever a node comes or goes; nil: never.
  public var maintenanceInterval: Duration? = .seconds(10)

  public init(
    directory: String, name: NodeID, listen: Address, beginning: ServerBeginning = .alone
  ) {
    self.directory = directory
    self.name = name
    self.listen = listen
    self.beginning = beginning
  }
}

/// How a process begins in an empty directory. One that has begun goes on as what it is.
public enum ServerBeginning: Hashable, Sendable {
  /// As a group of its own, which others may join.
  case alone
  /// As one of several that found a group together; the same list on each of them.
  case founding([FoundingMember])
  /// As one that asks a member of a group, at any of these addresses, to be taken in.
  case joining([Address])
}
