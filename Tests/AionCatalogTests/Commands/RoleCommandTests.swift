import AionCatalog
import AionModel
import Testing

@Suite("Commands on roles")
struct RoleCommandTests {
  var machine = Machine()

  @Test("A role is created, replaced under any case of its name, and left alone when identical")
  mutating func upsert() throws {
    var role = ClusterRoleDescriptor(
      name: "Ada", canLogin: true, connectionLimit: 3,
      validUntil: WallTime(nanosecondsSince1970: 5),
      passwordHash: PasswordHash("SCRAM-SHA-256$4096:x"))
    #expect(try machine.bumps(of: .upsertRole(role)) == [.catalog, .state])
    #expect(machine.snapshot.role(named: "ADA") == role)
    #expect(try machine.bumps(of: .upsertRole(role)) == .nothing)
    role.name = "ada"
    role.isSuperuser = true
    #expect(try machine.bumps(of: .upsertRole(role)) == [.catalog, .state])
    #expect(machine.snapshot.roles() == [role])
  }

  @Test("A role without a name, with an over-long one or an over-long hash is refused")
  mutating func upsertRefused() {
    let long = String(repeating: "x", count: 64)
    #expect(
      machine.refusal(of: .upsertRole(.superuser(named: ""))) == .invalidName(.role, "", .empty))
    #expect(
      machine.refusal(of: .upsertRole(.superuser(named: long)))
        == .invalidName(.role, long, .tooLong(limit: 63)))
    let limit = Limits.passwordHashLength.bytes
    var role = ClusterRoleDescriptor(
      name: "a", passwordHash: PasswordHash(String(repeating: "x", count: limit + 1)))
    #expect(
      machine.refusal(of: .upsertRole(role))
        == .limitExceeded(.passwordHashLength, asked: limit + 1, allowed: limit))
    role.passwordHash = PasswordHash(String(repeating: "x", count: limit))
    #expect(throws: Never.self) { try machine.apply(.upsertRole(role)) }
  }

  @Test("A dropped role is gone; dropping one that is not there changes nothing")
  mutating func drop() throws {
    try machine.apply(.upsertRole(.superuser(named: "ada")))
    #expect(try machine.bumps(of: .dropRole(name: "ADA")) == [.catalog, .state])
    #expect(machine.snapshot.roles().isEmpty)
    #expect(try machine.bumps(of: .dropRole(name: "ada")) == .nothing)
    #expect(machine.refusal(of: .dropRole(name: "")) == .invalidName(.role, "", .empty))
  }
}
