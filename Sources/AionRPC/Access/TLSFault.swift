/// Why a process cannot speak TLS with the files that it was given.
public enum TLSFault: Error, Hashable, Sendable, CustomStringConvertible {
  case notACertificate(file: String)
  case notAKey(file: String)
  /// With what is wrong in it; nil: it cannot be read.
  case notARevocationList(file: String, RevocationFault?)
  /// A server has a certificate and a key.
  case noIdentity
  /// A process that runs goes neither from plaintext to TLS nor back.
  case protectionChanged
  /// In the library's words: a key of another certificate, a kind of key that TLS 1.3 has not.
  case unusable(String)

  /// For people, with the file and what is wrong with it.
  public var description: String {
    switch self {
    case .notACertificate(let file): "\(file) cannot be read, or holds no certificate in PEM"
    case .notAKey(let file): "\(file) cannot be read, or holds no key in PEM without a password"
    case .notARevocationList(let file, let fault?): "\(file): \(fault)"
    case .notARevocationList(let file, nil): "\(file), a list of what is revoked, cannot be read"
    case .noIdentity: "a server needs a certificate and its key"
    case .protectionChanged: "from plaintext to TLS, or back, takes a restart"
    case .unusable(let reason): "\(reason); does the key belong to the certificate?"
    }
  }
}
