public import AionCluster
public import AionModel
public import AionPlacement
public import AionRPC
import NIOCore

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
  /// What it shows to others and whom it believes. Without TLS it serves loopback only, unless it
  /// says so in so many words.
  public var security = TransportSecurity.plaintext()
  /// What clients may do, by certificate, token or neither.
  public var policy = AccessPolicy.trustful
  /// Of all connections: those of clients, of replicas and its own.
  public var limits = ConnectionLimits()
  /// Threads that connections share; the replica and what it says to others have one more. As many
  /// as there are processors beside one for that, 4 at most.
  public var connectionThreads = max(1, min(4, System.coreCount - 1))
  /// Queue, log and snapshots; its `nodeID` is passed over.
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
