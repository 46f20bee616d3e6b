import NIOSSL

/// What a certificate says of whoever shows it: URIs among its alternative names.
struct CertificateClaims: Hashable {
  static let replica = "aion:replica"

  var isReplica = false
  var role: ClientRole?

  init(uris: [String]) {
    isReplica = uris.contains(Self.replica)
    role = uris.compactMap(Self.role).max()
  }

  init(_ certificate: NIOSSLCertificate) {
    self.init(
      uris: certificate._subjectAlternativeNames().filter { $0.nameType == .uri }.map {
        String(decoding: $0.contents, as: UTF8.self)
      })
  }

  /// `aion:reader`, `aion:writer`, `aion:admin`
  private static func role(of uri: String) -> ClientRole? {
    ClientRole.allCases.first { uri == "aion:\($0)" }
  }
}
