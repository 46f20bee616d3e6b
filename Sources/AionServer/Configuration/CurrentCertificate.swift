import AionRPC
import Synchronization

/// The certificate that a process shows now; nil without TLS.
final class CurrentCertificate: Sendable {
  private let current: Mutex<Certificate?>

  init(_ certificate: Certificate?) { current = Mutex(certificate) }

  var value: Certificate? {
    get { current.withLock { $0 } }
    set { current.withLock { $0 = newValue } }
  }
}
