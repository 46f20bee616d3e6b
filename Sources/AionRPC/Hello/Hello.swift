public import AionModel

/// The first thing that whoever dials says of itself (aion.v1.Hello).
public struct Hello: Hashable, Sendable {
  public var versions: ClosedRange<ProtocolVersion>
  /// Of which cluster the other side must be; nil for a client that takes what it finds.
  public var cluster: ClusterID?
  /// Whom the other side must be; nil: any replica.
  public var addressee: Addressee?
  public var caller: Caller
  /// The longest frame that the caller takes.
  public var frameLimit: ByteCount

  public init(
    versions: ClosedRange<ProtocolVersion> = ProtocolVersion.supported, cluster: ClusterID?,
    addressee: Addressee? = nil, caller: Caller, frameLimit: ByteCount
  ) {
    self.versions = versions
    self.cluster = cluster
    self.addressee = addressee
    self.caller = caller
    self.frameLimit = frameLimit
  }

  /// Who dials, and what for.
  public enum Caller: Hashable, Sendable {
    /// A replica of the group, on one of the two connections over which it sends.
    case replica(PeerIdentity, Lane)
    case client(name: String, token: String?)
  }

  /// What a connection between replicas is for. Each has its own, so that a heartbeat never waits
  /// behind a snapshot.
  public enum Lane: UInt8, Hashable, Sendable, CaseIterable {
    case messages = 1
    case snapshots = 2
  }
}

/// A replica as it introduces itself.
public struct PeerIdentity: Hashable, Sendable {
  public var replica: ReplicaID
  /// The process's name, for people.
  public var name: String
  /// `host:port` at which others reach it.
  public var address: String

  public init(replica: ReplicaID, name: String, address: String) {
    self.replica = replica
    self.name = name
    self.address = address
  }
}

/// The answer to a hello that lets the caller in (aion.v1.Welcome).
public struct Welcome: Hashable, Sendable {
  /// The newest version that both sides speak.
  public var version: ProtocolVersion
  public var cluster: ClusterID
  public var host: HostIdentity
  /// What the caller may ask for; nil on a connection between replicas.
  public var role: ClientRole?
  /// The longest frame that the host takes.
  public var frameLimit: ByteCount
  /// Where the replicas are that the host knows, itself among them, by ascending id.
  public var peers: [PeerIdentity]

  public init(
    version: ProtocolVersion, cluster: ClusterID, host: HostIdentity, role: ClientRole?,
    frameLimit: ByteCount, peers: [PeerIdentity]
  ) {
    self.version = version
    self.cluster = cluster
    self.host = host
    self.role = role
    self.frameLimit = frameLimit
    self.peers = peers
  }
}
