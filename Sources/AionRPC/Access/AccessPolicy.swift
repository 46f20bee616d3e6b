/// Decides who is let in, and what a client may ask for.
public struct AccessPolicy: Sendable {
  /// Roles of clients by the token that they show. Compared in constant time.
  public var tokens: [AccessToken]
  /// What a client without token or certificate may ask for; nil: nothing.
  public var anonymousRole: ClientRole?
  /// Whether replicas must show a certificate that says they are one.
  public var requiresReplicaCertificate: Bool
  /// Whether only the node of that name, by its certificate, and admins speak for a node.
  public var requiresNodeCertificate = false
  /// Certificates that nobody is let in with.
  public var revoked = RevocationList()

  public init(
    tokens: [AccessToken] = [], anonymousRole: ClientRole?, requiresReplicaCertificate: Bool
  ) {
    self.tokens = tokens
    self.anonymousRole = anonymousRole
    self.requiresReplicaCertificate = requiresReplicaCertificate
  }

  /// On a network where everyone is trusted: a machine's own loopback.
  public static let trustful = AccessPolicy(
    anonymousRole: .admin, requiresReplicaCertificate: false)
}

/// A secret that stands for a role.
public struct AccessToken: Sendable {
  public var role: ClientRole
  let secret: [UInt8]

  public init(_ secret: String, role: ClientRole) {
    self.secret = [UInt8](secret.utf8)
    self.role = role
  }
}

extension AccessPolicy {
  /// Which nodes a client may speak for that was let in as this.
  func nodes(of role: ClientRole, certificate: CertificateClaims?) -> NodeRight {
    guard requiresNodeCertificate, role < .admin else { return .every }
    return .only(certificate?.nodeNames ?? [])
  }

  /// - Throws: When the caller's certificate is one that is believed no more.
  func checkNotRevoked(_ certificate: Certificate?) throws(HelloRefusal) {
    guard let certificate, revoked.contains(certificate.serial) else { return }
    throw .unauthenticated(
      "its certificate (\(certificate.claims), serial \(certificate.serial)) was revoked")
  }

  /// The role of whoever says hello; nil for a replica.
  ///
  /// - Parameter certificate: What the caller's certificate says of it; nil without one.
  func role(
    of caller: Hello.Caller, certificate: CertificateClaims?
  ) throws(HelloRefusal) -> ClientRole? {
    switch caller {
    case .replica(let peer, _):
      guard requiresReplicaCertificate else { return nil }
      guard let certificate else {
        throw .unauthenticated("a replica shows a certificate here; it showed none")
      }
      if let doubt = certificate.doubt(that: peer.name) { throw .unauthenticated(doubt) }
      return nil
    case .client(_, let token):
      if let token {
        guard let role = role(of: token) else { throw .unauthenticated("unknown token") }
        return role
      }
      let roles = [certificate?.clientRole, anonymousRole]
      guard let role = roles.compactMap({ $0 }).max() else {
        throw .unauthenticated("show a client certificate, or a token")
      }
      return role
    }
  }

  private func role(of token: String) -> ClientRole? {
    let shown = [UInt8](token.utf8)
    // Every token is compared, whichever matches, so that time tells nothing.
    return tokens.reduce(nil) { found, token in token.matches(shown) ? token.role : found }
  }
}

extension CertificateClaims {
  /// Why its holder is not the replica of that name; nil: it is.
  func doubt(that name: String) -> String? {
    if isReplica(named: name) { return nil }
    return isReplica
      ? "its certificate is that of \(self), it calls itself \(name)"
      : "its certificate is not a replica's, but that of \(self)"
  }
}

extension CertificateClaims {
  /// Why its holder is not the node of that name; nil: it is.
  func doubt(thatNode name: String) -> String? {
    nodeNames.contains(name)
      ? nil : "its certificate is not that of node \(name), but that of \(self)"
  }
}

extension AccessToken {
  fileprivate func matches(_ shown: [UInt8]) -> Bool {
    guard shown.count == secret.count, !secret.isEmpty else { return false }
    var difference: UInt8 = 0
    for (left, right) in zip(shown, secret) { difference |= left ^ right }
    return difference == 0
  }
}
