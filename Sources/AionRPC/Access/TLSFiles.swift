package import NIOSSL

/// A process's certificate, its key, and the authority that it believes; PEM files.
public struct TLSFiles: Hashable, Sendable {
  /// A certificate, with those that lead from it to the authority, and its key.
  public struct Identity: Hashable, Sendable {
    /// The certificate's file; those that lead on to the authority follow it there.
    public var certificate: String
    /// The key's file; it has no password.
    public var key: String

    /// Reads nothing yet.
    public init(certificate: String, key: String) {
      self.certificate = certificate
      self.key = key
    }
  }

  /// What the process shows; nil for a client that shows a token instead.
  public var identity: Identity?
  /// Whose certificates are believed: one authority, or several in one file.
  public var authority: String
  /// A list of certificates that are believed no more (`RevocationList`), for those that a client
  /// dials; nil: none. A server's own list is its `AccessPolicy.revoked`.
  public var revoked: String?

  /// What a server, or a client that shows a certificate, has.
  public init(certificate: String, key: String, authority: String) {
    self.init(identity: Identity(certificate: certificate, key: key), authority: authority)
  }

  /// What a client has that shows no certificate, or holds servers against a list.
  public init(identity: Identity?, authority: String, revoked: String? = nil) {
    self.identity = identity
    self.authority = authority
    self.revoked = revoked
  }
}

extension TLSFiles {
  /// TLS 1.3; whoever dials is asked for a certificate, and one that is shown must hold.
  package func serverContext() throws(TLSFault) -> NIOSSLContext {
    guard let identity else { throw .noIdentity }
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: try identity.chain(), privateKey: .privateKey(try identity.privateKey()))
    configuration.certificateVerification = .optionalVerification
    return try context(configuration)
  }

  /// TLS 1.3; whoever is dialled must show a certificate for the host that was dialled.
  package func clientContext() throws(TLSFault) -> NIOSSLContext {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.certificateVerification = .fullVerification
    if let identity {
      configuration.certificateChain = try identity.chain()
      configuration.privateKey = .privateKey(try identity.privateKey())
    }
    return try context(configuration)
  }

  /// Those whose certificates are believed no more, as the file says now.
  func revocations() throws(TLSFault) -> RevocationList {
    guard let revoked else { return RevocationList() }
    return try RevocationList(file: revoked)
  }

  private func context(_ rest: TLSConfiguration) throws(TLSFault) -> NIOSSLContext {
    // What BoringSSL says of an authority that is none names neither the file nor the reason.
    _ = try Certificate(file: authority)
    var configuration = rest
    configuration.minimumTLSVersion = .tlsv13
    configuration.trustRoots = .file(authority)
    do { return try NIOSSLContext(configuration: configuration) } catch {
      throw .unusable("\(identity.map(\.files) ?? authority): \(error)")
    }
  }
}

extension TLSFiles.Identity {
  fileprivate var files: String { "\(certificate) and \(key)" }

  fileprivate func chain() throws(TLSFault) -> [NIOSSLCertificateSource] {
    do {
      return try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) }
    } catch {
      throw .notACertificate(file: certificate)
    }
  }

  fileprivate func privateKey() throws(TLSFault) -> NIOSSLPrivateKey {
    do { return try NIOSSLPrivateKey(file: key, format: .pem) } catch {
      throw .notAKey(file: key)
    }
  }
}
