import AionModel
import AionRPC
import Foundation
import Logging

/// The certificate that a process shows, looked at before anybody else does.
struct OwnCertificate {
  let certificate: Certificate
  private let key: String

  /// Nil without TLS.
  ///
  /// - Throws: What is wrong with the files; or that no other replica would listen to who shows
  ///   this certificate under this name.
  init?(_ configuration: ServerConfiguration) throws(ServerFault) {
    guard case .tls(let files) = configuration.security else { return nil }
    guard let identity = files.identity else { throw .listen(.tls(.noIdentity)) }
    do throws(TLSFault) { certificate = try Certificate(file: identity.certificate) } catch {
      throw .listen(.tls(error))
    }
    key = identity.key
    let claims = certificate.claims
    // Whoever stays alone may show any certificate that clients believe.
    let mustBeReplica = claims.isReplica || configuration.beginning != .alone
    guard mustBeReplica, !claims.isReplica(named: configuration.name.name) else { return }
    throw .configuration(
      "tls: \(identity.certificate) is the certificate of \(claims), this process is replica "
        + "\(configuration.name); give it its own (aionctl certs replica \(configuration.name))")
  }

  private static let warningDays: Int64 = 30

  /// Says so when it does not hold, or will not for long.
  func check(at now: WallTime, logger: Logger) {
    let left = certificate.notAfter.nanosecondsSince1970 - now.nanosecondsSince1970
    let metadata: Logger.Metadata = [
      "from": "\(certificate.notBefore)", "until": "\(certificate.notAfter)",
    ]
    if left <= 0 {
      logger.error("this process's certificate has expired", metadata: metadata)
    } else if now < certificate.notBefore {
      logger.error("this process's certificate is not valid yet", metadata: metadata)
    } else if left < Self.warningDays * 86_400_000_000_000 {
      logger.warning("this process's certificate ends soon", metadata: metadata)
    }
    if isKeyOpen { logger.warning("everyone can read \(key): chmod 600 \(key)") }
  }

  private var isKeyOpen: Bool {
    let attributes = try? FileManager.default.attributesOfItem(atPath: key)
    guard let mode = attributes?[.posixPermissions] as? Int else { return false }
    return mode & 0o004 != 0
  }
}
