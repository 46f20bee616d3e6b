import AionModel

/// What is said on one connection, from one side's point of view. Called on its event loop only.
protocol Conversation: AnyObject {
  /// The connection is there; it may be spoken on.
  func began(on connection: Connection)
  /// - Throws: What the other side did wrong; the connection is then cut.
  func received(_ frame: Frame, on connection: Connection) throws(FrameFault)
  /// Nothing more will come. Told once, whoever ended it.
  func ended(_ end: ConnectionEnd)
}

/// Why a connection is over.
public enum ConnectionEnd: Error, Hashable, Sendable, CustomStringConvertible {
  /// One of the two sides closed it.
  case closed
  /// The other side closed it and had said nothing.
  case unanswered
  case fault(FrameFault)
  /// The caller was not let in.
  case refused(HelloRefusal)
  /// Could not be reached, or was lost; in the system's words.
  case network(String)
  /// One of the sides did not accept what the other showed, or that one does not speak TLS; trying
  /// again changes nothing.
  case tls(String)

  public var description: String {
    switch self {
    case .closed: "the other side closed the connection"
    case .unanswered:
      "the other side hung up without a word; does it want TLS, or has it no room for more?"
    case .fault(let fault): fault.description
    case .refused(let refusal): refusal.description
    case .network(let reason): reason
    case .tls(let reason): "TLS: \(reason)"
    }
  }
}
