public import AionModel

/// What a process is to clients that connect to it. Called from event loops: answers at once, or
/// hands on.
public protocol RequestHost: Sendable {
  /// Who belongs to another is not let in.
  var cluster: ClusterID { get }
  /// As it introduces itself.
  var introduction: HostIdentity { get }
  /// What it is to replicas; nil: it has nothing to do with them, and lets none in.
  var replicaHost: (any Host)? { get }

  /// A caller was not let in, or was cut off before it was: why, and where it came from.
  func turnedAway(_ end: ConnectionEnd, from address: String)
  /// Works on a client's request; runs in a task of its own, which is cancelled when the client
  /// no longer waits.
  func serve(
    _ request: Request, for client: ClientIdentity, through items: ItemStream
  ) async -> Response
  /// Begins on a request that needs no task, because it is soon done and only waits for others.
  /// Asked first of a host that serves on event loops.
  ///
  /// - Parameter answer: Where the answer goes, once.
  /// - Returns: false when the request is one for `serve`.
  func begin(
    _ request: Request, for client: ClientIdentity, answer: PendingAnswer
  ) -> Bool
  /// Whether `serve` does so little at a time that it may run on an event loop, beside connections
  /// of replicas: what it does for longer it does elsewhere. Requests are done sooner then.
  var servesOnEventLoops: Bool { get }
}

/// What a replica's process is to those who connect to it, replicas among them.
public protocol Host: RequestHost {
  /// As it introduces itself.
  var identity: PeerIdentity { get }
  /// Where the replicas are that it knows, itself among them, by ascending id.
  var peers: [PeerIdentity] { get }

  /// A replica has introduced itself: this is where it is to be found.
  func met(_ peer: PeerIdentity)
  /// Another replica told of one. It may be behind the times.
  func heard(of peer: PeerIdentity)
  /// What a replica sent, in the order in which it came over one connection.
  func received(_ envelope: [UInt8], from peer: ReplicaID)
  /// The connection over which a replica sent its messages has ended, as it does when its process
  /// does; after all that came over it. Not told when the replica has made another one since.
  func lost(_ peer: ReplicaID)
}

extension RequestHost {
  /// For those who do not want to know.
  public func turnedAway(_ end: ConnectionEnd, from address: String) {}

  public var servesOnEventLoops: Bool { false }

  public func begin(
    _ request: Request, for client: ClientIdentity, answer: PendingAnswer
  ) -> Bool { false }

  /// For those who have nothing to do with replicas.
  public var replicaHost: (any Host)? { nil }
}

extension Host {
  /// A replica.
  public var introduction: HostIdentity { .replica(identity) }

  /// Itself.
  public var replicaHost: (any Host)? { self }

  /// For those who wait for timeouts.
  public func lost(_ peer: ReplicaID) {}
}

/// A client as it was let in.
public struct ClientIdentity: Hashable, Sendable {
  public var name: String
  public var role: ClientRole
  /// Whom it may speak for.
  public var nodes = NodeRight.every
}
