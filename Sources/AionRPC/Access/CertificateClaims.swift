import NIOSSL

/// What a certificate says of whoever shows it: URIs among its alternative names
/// (Docs/Protocol.md).
package struct CertificateClaims: Hashable, Sendable {
  /// Whether it may be any replica.
  package var isAnyReplica = false
  /// Names of replicas that it may be, in the certificate's order.
  package var replicaNames: [String] = []
  /// Names of nodes of the database that it may be, in the certificate's order.
  package var nodeNames: [String] = []
  /// What it may ask for as a client, when it says so.
  package var role: ClientRole?

  package init(
    isAnyReplica: Bool = false, replicaNames: [String] = [], nodeNames: [String] = [],
    role: ClientRole? = nil
  ) {
    self.isAnyReplica = isAnyReplica
    self.replicaNames = replicaNames
    self.nodeNames = nodeNames
    self.role = role
  }

  init(uris: [String]) {
    isAnyReplica = uris.contains(Self.anyReplica)
    replicaNames = uris.compactMap { Self.name(in: $0, after: Self.anyReplica) }
    nodeNames = uris.compactMap { Self.name(in: $0, after: Self.node) }
    role = uris.compactMap(Self.role).max()
  }

  init(_ certificate: NIOSSLCertificate) {
    self.init(
      uris: certificate._subjectAlternativeNames().filter { $0.nameType == .uri }.map {
        String(decoding: $0.contents, as: UTF8.self)
      })
  }

  package var isReplica: Bool { isAnyReplica || !replicaNames.isEmpty }

  /// Whether it is one for the replica of that name.
  package func isReplica(named name: String) -> Bool {
    isAnyReplica || replicaNames.contains(name)
  }

  /// What its holder may ask for as a client; nil: it does not say.
  ///
  /// A replica may be elected, and whoever leads writes what they like: to let it ask for less as a
  /// client would protect nothing (Docs/Decisions/0021-who-may-join.md). A node's agent writes.
  var clientRole: ClientRole? {
    isReplica ? .admin : [role, nodeNames.isEmpty ? nil : .writer].compactMap { $0 }.max()
  }
}

// MARK: - As URIs

extension CertificateClaims {
  private static let anyReplica = "aion:replica"
  private static let node = "aion:node"

  /// In the form in which a certificate carries them.
  package var uris: [String] {
    (isAnyReplica ? [Self.anyReplica] : []) + replicaNames.map { "\(Self.anyReplica):\($0)" }
      + nodeNames.map { "\(Self.node):\($0)" } + (role.map { ["aion:\($0)"] } ?? [])
  }

  /// `aion:replica:NAME`, `aion:node:NAME`
  private static func name(in uri: String, after kind: String) -> String? {
    guard uri.hasPrefix("\(kind):") else { return nil }
    let name = String(uri.dropFirst(kind.count + 1))
    return name.isEmpty ? nil : name
  }

  /// `aion:reader`, `aion:writer`, `aion:admin`
  private static func role(of uri: String) -> ClientRole? {
    ClientRole.allCases.first { uri == "aion:\($0)" }
  }
}

extension CertificateClaims: CustomStringConvertible {
  /// For people: `replica n1`, `client admin`.
  package var description: String {
    var parts = replicaNames.map { "replica \($0)" }
    if isAnyReplica { parts.append("any replica") }
    parts += nodeNames.map { "node \($0)" }
    if let role { parts.append("client \(role)") }
    return parts.isEmpty ? "nobody" : parts.joined(separator: ", ")
  }
}
