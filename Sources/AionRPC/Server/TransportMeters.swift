import Synchronization

/// What a process's transport has done since it was started. They are read, and decide nothing.
public final class TransportMeters: Sendable {
  public let acceptedConnections = Meter()
  /// Of those that were accepted.
  public let endedConnections = Meter()
  /// Closed at once, because there were as many as may be.
  public let excessConnections = Meter()
  /// Callers with whom TLS did not come about: no TLS, or a certificate that does not hold.
  public let failedHandshakes = Meter()
  public let refusedHellos = Meter()
  /// Connections that were cut because of what came over them, or did not.
  public let faults = Meter()
  public let sentEnvelopes = Meter()
  /// For want of a connection, or of room in its outbox.
  public let droppedEnvelopes = Meter()
  public let receivedEnvelopes = Meter()
  public let sentEnvelopeBytes = Meter()
  public let receivedEnvelopeBytes = Meter()
  /// Connections to other replicas that were begun; two for each, one of them for snapshots. Each
  /// has succeeded, has failed, or is being made.
  public let startedSessions = Meter()
  public let succeededSessions = Meter()
  public let failedSessions = Meter()
  /// Those that succeeded and were not the first to their replica.
  public let reconnects = Meter()
  public let requests = Meter()
  /// Requests that the client's role does not allow.
  public let forbiddenRequests = Meter()

  public init() {}

  /// Accepted, and not ended yet.
  public var openConnections: UInt64 {
    // In this order: no more have ended than were accepted before.
    let ended = endedConnections.value
    let accepted = acceptedConnections.value
    return accepted - min(accepted, ended)
  }
}

/// A number that only grows.
public final class Meter: Sendable {
  private let count = Atomic<UInt64>(0)

  public init() {}

  public var value: UInt64 { count.load(ordering: .relaxed) }

  package func add(_ amount: UInt64 = 1) { count.add(amount, ordering: .relaxed) }
}
