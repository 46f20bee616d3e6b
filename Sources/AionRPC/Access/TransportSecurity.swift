package import NIOSSL

/// How connections of a process are protected.
public enum TransportSecurity: Sendable {
  /// Bytes go as they are. A listener then takes loopback addresses only, unless it is told in so
  /// many words to go beyond.
  case plaintext(beyondLoopback: Bool = false)
  case tls(TLSFiles)

  var isTLS: Bool {
    if case .tls = self { true } else { false }
  }
}

/// A process's certificate, its key, and the authority that it believes; PEM files.
public struct TLSFiles: Hashable, Sendable {
  public var certificate: String
  public var key: String
  public var authority: String

  public init(certificate: String, key: String, authority: String) {
    self.certificate = certificate
    self.key = key
    self.authority = authority
  }

  /// TLS 1.3; whoever dials is asked for a certificate, and one that is shown must hold.
  package func serverContext() throws -> NIOSSLContext {
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: try chain(), privateKey: .privateKey(try privateKey()))
    configuration.minimumTLSVersion = .tlsv13
    configuration.trustRoots = .file(authority)
    configuration.certificateVerification = .optionalVerification
    return try NIOSSLContext(configuration: configuration)
  }

  func clientContext() throws -> NIOSSLContext {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv13
    configuration.trustRoots = .file(authority)
    configuration.certificateVerification = .fullVerification
    configuration.certificateChain = try chain()
    configuration.privateKey = .privateKey(try privateKey())
    return try NIOSSLContext(configuration: configuration)
  }

  private func chain() throws -> [NIOSSLCertificateSource] {
    try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) }
  }

  private func privateKey() throws -> NIOSSLPrivateKey {
    try NIOSSLPrivateKey(file: key, format: .pem)
  }
}
