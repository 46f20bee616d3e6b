import NIOSSL
import Synchronization

/// What a process shows, whom it believes and whom it lets in, as it is now. Connections that are
/// made later go by what is here then.
final class Keyring: Sendable {
  private struct Keys {
    /// nil without TLS.
    var server: NIOSSLContext?
    var client: NIOSSLContext?
    var policy: AccessPolicy
  }

  private let keys: Mutex<Keys>

  init(_ security: TransportSecurity, _ policy: AccessPolicy) throws(TLSFault) {
    keys = Mutex(try Self.keys(security, policy))
  }

  var server: NIOSSLContext? { keys.withLock { $0.server } }
  var client: NIOSSLContext? { keys.withLock { $0.client } }
  var policy: AccessPolicy { keys.withLock { $0.policy } }

  /// Reads the files again.
  ///
  /// - Throws: Why they are of no use; everything stays as it was then.
  func renew(_ security: TransportSecurity, _ policy: AccessPolicy) throws(TLSFault) {
    let new = try Self.keys(security, policy)
    guard (new.server == nil) == (server == nil) else { throw .protectionChanged }
    keys.withLock { $0 = new }
  }

  private static func keys(
    _ security: TransportSecurity, _ policy: AccessPolicy
  ) throws(TLSFault) -> Keys {
    switch security {
    case .plaintext: Keys(policy: policy)
    case .tls(let files):
      Keys(
        server: try files.serverContext(), client: try files.clientContext(), policy: policy)
    }
  }
}
