package import AionModel
import NIOCore
import NIOSSL

/// A certificate, as far as this project looks into it.
package struct Certificate: Hashable, Sendable {
  package var claims: CertificateClaims
  /// Names and addresses that its holder may be dialled at.
  package var hosts: [String]
  package var notBefore: WallTime
  package var notAfter: WallTime
  package var serial: CertificateSerial

  /// The first one in a PEM file, which is its holder's.
  ///
  /// - Throws: `TLSFault`, when there is none.
  package init(file: String) throws(TLSFault) {
    let certificates: [NIOSSLCertificate]
    do { certificates = try NIOSSLCertificate.fromPEMFile(file) } catch {
      throw .notACertificate(file: file)
    }
    guard let first = certificates.first else { throw .notACertificate(file: file) }
    self.init(first)
  }

  init(_ certificate: NIOSSLCertificate) {
    claims = CertificateClaims(certificate)
    hosts = certificate._subjectAlternativeNames().compactMap(Self.host)
    notBefore = WallTime(secondsSince1970: certificate.notValidBefore)
    notAfter = WallTime(secondsSince1970: certificate.notValidAfter)
    serial = CertificateSerial(certificate.serialNumber)
  }

  private static func host(_ name: _SubjectAlternativeName) -> String? {
    switch name.nameType {
    case .dnsName: String(decoding: name.contents, as: UTF8.self)
    case .ipAddress:
      try? SocketAddress(packedIPAddress: ByteBuffer(bytes: name.contents), port: 0).ipAddress
    default: nil
    }
  }
}

extension WallTime {
  /// What does not fit is as far away as can be said.
  fileprivate init(secondsSince1970 seconds: Int) {
    let (nanoseconds, overflows) = Int64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
    self.init(
      nanosecondsSince1970: overflows ? (seconds < 0 ? .min : .max) : nanoseconds)
  }
}
