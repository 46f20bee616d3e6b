import AionRPC

/// Why a certificate was not made.
enum CertificateFault: Error, CustomStringConvertible {
  case noOpenSSL
  case openSSL(command: String, complaint: String)
  /// Nothing is ever overwritten: a key that is gone is gone.
  case exists(file: String)
  case noAuthority(folder: String)
  case outlivesAuthority(end: String)
  case system(String)
  case unusable(TLSFault)
  case unreadable(TLSFault)
  case authorityRevoked
  case notAList(file: String, RevocationFault)

  var description: String {
    switch self {
    case .noOpenSSL:
      "the program openssl is not on PATH; install it (Debian: apt-get install openssl, "
        + "Fedora: dnf install openssl, macOS: brew install openssl)"
    case .openSSL(let command, let complaint): "openssl \(command) failed: \(complaint)"
    case .exists(let file):
      "\(file) is there already, and is not overwritten; remove it, or choose another name or "
        + "--directory"
    case .noAuthority(let folder):
      "there is no authority in \(folder) (ca.pem and ca.key); make one with: "
        + "aionctl certs ca --directory \(folder)"
    case .outlivesAuthority(let end):
      "its authority ends on \(end), before it would; ask for fewer --days, or make a new authority"
    case .system(let reason): reason
    case .unreadable(let fault): "\(fault)"
    case .authorityRevoked:
      "an authority is not revoked but forgotten: take it out of every process's authority file"
    case .notAList(let file, let fault): "\(file): \(fault)"
    case .unusable(let fault): "what openssl made is of no use: \(fault)"
    }
  }
}
