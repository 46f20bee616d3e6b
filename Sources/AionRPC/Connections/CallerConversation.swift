import AionModel
import NIOCore

/// The side that dials, until it is let in: says hello, and waits for the answer.
final class CallerConversation: Conversation {
  /// What becomes of a call.
  enum Outcome {
    /// Let in; the answer is what the connection goes on with.
    case admitted(Welcome, Connection)
    case ended(ConnectionEnd)
  }

  private let hello: Hello
  private let revoked: RevocationList
  private let settle: (Outcome) -> (any Conversation)?
  private var timeout: Scheduled<Void>?

  /// - Parameters:
  ///   - revoked: Whose certificates are believed no more.
  ///   - settle: Told once, on the connection's event loop.
  init(
    _ hello: Hello, revoked: RevocationList, settle: @escaping (Outcome) -> (any Conversation)?
  ) {
    self.hello = hello
    self.revoked = revoked
    self.settle = settle
  }

  func began(on connection: Connection) {
    _ = connection.outbox.send(Frame(.hello, payload: hello.encoded()))
    timeout = connection.channel.eventLoop.assumeIsolated().scheduleTask(
      in: TimeAmount(connection.limits.helloTime)
    ) { connection.close(because: .fault(.silent)) }
  }

  func received(_ frame: Frame, on connection: Connection) throws(FrameFault) {
    timeout?.cancel()
    switch frame.kind {
    case .welcome:
      let welcome = try Welcome(in: frame)
      if let doubt = doubt(about: welcome.host, on: connection) {
        return connection.close(because: .tls(doubt))
      }
      if let next = settle(.admitted(welcome, connection)) {
        connection.converse(next)
      } else {
        connection.close(because: .closed)
      }
    case .refusal: connection.close(because: .refused(try HelloRefusal(in: frame)))
    default: throw .unexpected(frame.kind)
    }
  }

  /// A replica sends the log to none but replicas, and nobody a fragment to another node than was
  /// meant: a client's certificate makes nobody either.
  private func doubt(about host: HostIdentity, on connection: Connection) -> String? {
    guard let certificate = connection.peerCertificate else { return nil }
    if revoked.contains(certificate.serial) {
      return "the other side's certificate (\(certificate.claims), "
        + "serial \(certificate.serial)) was revoked"
    }
    switch (hello.caller, host) {
    case (.replica, .replica(let host)): return certificate.claims.doubt(that: host.name)
    case (.client, .node(let node)): return certificate.claims.doubt(thatNode: node.name)
    default: return nil
    }
  }

  func ended(_ end: ConnectionEnd) {
    timeout?.cancel()
    _ = settle(.ended(end == .closed ? .unanswered : end))
  }
}
