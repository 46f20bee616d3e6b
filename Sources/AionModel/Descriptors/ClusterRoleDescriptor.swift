/// A role of the cluster, modelled on PostgreSQL's `pg_authid`.
public struct ClusterRoleDescriptor: Hashable, Sendable {
  /// Unique in the cluster, ignoring ASCII case.
  public var name: String
  public var canLogin: Bool
  public var isSuperuser: Bool
  public var canCreateDatabase: Bool
  public var canCreateRole: Bool
  public var inheritsPrivileges: Bool
  /// Concurrent connections; nil: no limit.
  public var connectionLimit: UInt32?
  /// When the password expires; nil: never.
  public var validUntil: WallTime?
  public var passwordHash: PasswordHash?

  public init(
    name: String, canLogin: Bool = false, isSuperuser: Bool = false,
    canCreateDatabase: Bool = false, canCreateRole: Bool = false, inheritsPrivileges: Bool = true,
    connectionLimit: UInt32? = nil, validUntil: WallTime? = nil, passwordHash: PasswordHash? = nil
  ) {
    self.name = name
    self.canLogin = canLogin
    self.isSuperuser = isSuperuser
    self.canCreateDatabase = canCreateDatabase
    self.canCreateRole = canCreateRole
    self.inheritsPrivileges = inheritsPrivileges
    self.connectionLimit = connectionLimit
    self.validUntil = validUntil
    self.passwordHash = passwordHash
  }

  /// A role that may do everything, log in included.
  public static func superuser(named name: String) -> ClusterRoleDescriptor {
    ClusterRoleDescriptor(
      name: name, canLogin: true, isSuperuser: true, canCreateDatabase: true, canCreateRole: true)
  }
}

/// The stored form of a role's password (`rolpassword`: SCRAM-SHA-256 or MD5).
///
/// It prints as `<redacted>` everywhere, `dump` and reflection included; only `revealed` shows it.
public struct PasswordHash: Hashable, Sendable {
  /// For the code that checks a password, and for the log. Never for people.
  public let revealed: String

  public init(_ hash: String) { revealed = hash }
}

extension PasswordHash: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "<redacted>" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: []) }
}
