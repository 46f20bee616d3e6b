import AionModel
import AionRPC

/// What is to be certified, of whom, and for how long.
struct CertificateOrder {
  enum Holder {
    case authority
    /// The replica of this name.
    case replica
    case client(ClientRole)
    /// The node of the database of this name.
    case node
  }

  var holder: Holder
  /// The subject's common name; a replica is known by it.
  var name: String
  var hosts: [CertificateHost] = []
  var key = KeyType.p256
  var notBefore: WallTime
  var notAfter: WallTime

  /// A kind of key that TLS 1.3 knows, and that a server of this project accepts by default.
  enum KeyType: String, CaseIterable {
    case p256, p384

    var curve: String {
      switch self {
      case .p256: "P-256"
      case .p384: "P-384"
      }
    }
  }

  var claims: CertificateClaims {
    switch holder {
    case .authority: CertificateClaims()
    case .replica: CertificateClaims(replicaNames: [name])
    case .client(let role): CertificateClaims(role: role)
    case .node: CertificateClaims(nodeNames: [name])
    }
  }

  /// Files are called so, with `.pem` and `.key`.
  var fileName: String {
    switch holder {
    case .authority: CertificateFolder.authorityName
    case .replica: "replica-\(name)"
    case .client: "client-\(name)"
    case .node: "node-\(name)"
    }
  }
}

// MARK: - In OpenSSL's words

extension CertificateOrder {
  /// The section of the configuration that `certificateSection` names.
  static let certificateSection = "made"

  /// A whole configuration: nothing is taken from the machine's own.
  var configuration: String {
    """
    [req]
    prompt = no
    distinguished_name = subject
    [subject]
    CN = \(name)
    [ca]
    default_ca = signing
    [signing]
    database = index
    serial = serial
    new_certs_dir = .
    policy = policy
    unique_subject = no
    email_in_dn = no
    [policy]
    commonName = supplied
    [\(Self.certificateSection)]
    \(extensions.map { "\($0.name) = \($0.value)" }.joined(separator: "\n"))

    """
  }

  private var extensions: [(name: String, value: String)] {
    switch holder {
    case .authority:
      [
        ("basicConstraints", "critical,CA:TRUE,pathlen:0"),
        ("keyUsage", "critical,keyCertSign,cRLSign"),
        ("subjectKeyIdentifier", "hash"),
      ]
    // Replicas and nodes dial, and are dialled; a client's certificate makes nobody a server.
    case .replica, .node: leaf(uses: "serverAuth,clientAuth")
    case .client: leaf(uses: "clientAuth")
    }
  }

  private func leaf(uses: String) -> [(name: String, value: String)] {
    let names = hosts.map(\.alternativeName) + claims.uris.map { "URI:\($0)" }
    return [
      ("basicConstraints", "critical,CA:FALSE"), ("keyUsage", "critical,digitalSignature"),
      ("extendedKeyUsage", uses), ("subjectKeyIdentifier", "hash"),
      ("authorityKeyIdentifier", "keyid"),
      ("subjectAltName", names.joined(separator: ",")),
    ]
  }
}
