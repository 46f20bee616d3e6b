public import AionModel

/// How a client finds the replicas of a control plane, and what it shows them.
public struct RemoteConfiguration: Sendable {
  /// Where replicas are; one that answers names the others.
  public var addresses: [Address]
  /// The cluster that they must be of; nil takes any.
  public var cluster: ClusterID?
  /// What the servers call this client in what they tell their operators.
  public var name: String
  /// What it shows where clients are told by tokens; nil: none.
  public var token: String?
  /// What it shows to servers, and whom it believes.
  public var security = TransportSecurity.plaintext()
  /// Of each connection.
  public var limits = ConnectionLimits()
  /// How long a call may take, with all its retries.
  public var timeout = Duration.seconds(10)
  /// How long a replica may take to answer before another is asked: one that hangs, or whose disk
  /// does, is connected all the while. Twice as long with each further attempt at a read.
  public var attemptTimeout = Duration.seconds(2)
  /// How often a client that asks anything also asks who belongs to the group: members may be
  /// replaced until none is left of those that it was given.
  public var discoveryInterval = Duration.seconds(30)
  /// Of the jitter with which is waited before a retry.
  public var seed: UInt64

  /// A client of plaintext connections that shows no token.
  public init(addresses: [Address], name: String, seed: UInt64) {
    self.addresses = addresses
    self.name = name
    self.seed = seed
  }
}

/// When the call that is under way must have its answer. Known to everything that is done for it.
struct CallDeadline: Sendable {
  @TaskLocal static var current: CallDeadline?

  var end: ContinuousClock.Instant
  /// The time that it is held against.
  var now: @Sendable () -> ContinuousClock.Instant

  /// What is left of it, or the time that a call has when nobody set any.
  static func left(else timeout: Duration) -> Duration {
    current.map { max(.zero, $0.end - $0.now()) } ?? timeout
  }

  static var isOver: Bool { current.map { $0.end <= $0.now() } ?? false }
}
