public import AionModel

/// What one process gives to, and takes from, those that it is connected with.
public struct ConnectionLimits: Hashable, Sendable {
  /// The longest frame once both sides know each other. A proposal of the greatest length fits.
  public var frame = ByteCount.mebibytes(16)
  /// The longest frame before that.
  public var hello = ByteCount.kibibytes(4)
  /// How long a connection may take until its hello is answered.
  public var helloTime = Duration.seconds(5)
  /// Connections that a listener holds at a time; further ones are closed at once.
  public var connections = 4_096
  /// Requests of one connection that are being worked on; further ones are refused.
  public var requestsInFlight = 4_096
  /// What may wait to be sent to a peer; what does not fit is dropped.
  public var peerOutbox = ByteCount.mebibytes(32)
  /// What may wait to be sent to a client before the connection is not read any further.
  public var clientOutbox = ByteCount.mebibytes(32)
  /// How fast snapshots go to one peer, so that they leave room for everything else.
  public var snapshotBytesPerSecond = 128 << 20
  /// How long to wait before a replica that cannot be reached is tried again: at most the lower
  /// after the first failure, and twice as long after each, up to the upper.
  public var redialPauses = Duration.milliseconds(50)...Duration.seconds(2)
  /// A side that has heard nothing for this long asks; after twice as long it gives up.
  public var keepAlive = Duration.seconds(10)

  public init() {}
}
