public import AionModel

/// What a client asks (aion.v1.Request). What it means is the service's affair; the transport only
/// carries it.
public struct Request: Hashable, Sendable {
  /// How long the client waits; what takes longer is cancelled on both sides.
  public var timeout: Duration
  /// Items that may be sent before the client gives further credit.
  public var credit: Int
  public var payload: [UInt8]

  public init(_ payload: [UInt8], timeout: Duration, credit: Int = 0) {
    self.payload = payload
    self.timeout = timeout
    self.credit = credit
  }
}

/// The last answer to a request (aion.v1.Response).
public enum Response: Hashable, Sendable {
  case answer([UInt8])
  case failure(RequestFailure)
}

/// Why a request was not answered; the service's own refusals are answers.
public enum RequestFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// The client's role does not allow it.
  case forbidden(needs: ClientRole, has: ClientRole)
  /// The client may not speak for the node, by what it has shown.
  case foreignNode(NodeID)
  /// The time that the client gave is over. Whether anything was done is not known.
  case timedOut
  /// Too many requests of this connection are being worked on; nothing was done.
  case tooManyRequests(limit: Int)
  /// The service does not know what is asked; nothing was done.
  case notUnderstood(String)
  /// The answer is longer than the client takes.
  case answerTooLong
  /// The connection ended first. Whether anything was done is not known.
  case disconnected(ConnectionEnd)
  /// The caller's task was cancelled. Whether anything was done is not known.
  case cancelled

  public var description: String {
    switch self {
    case .forbidden(let needs, let has):
      "this needs the role \(needs), the client has \(has); use another certificate or token"
    case .foreignNode(let node):
      "only node \(node) itself, by its certificate (aionctl certs node \(node)), and admins speak "
        + "for it"
    case .timedOut: "no answer in time; whether anything was done is not known"
    case .tooManyRequests(let limit):
      "\(limit) requests of this connection are being worked on; wait for some"
    case .notUnderstood(let reason): "the request is not understood: \(reason)"
    case .answerTooLong: "the answer is longer than the client takes"
    case .disconnected(let end): "the connection ended: \(end)"
    case .cancelled: "the caller stopped waiting"
    }
  }
}
