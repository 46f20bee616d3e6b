import AionModel
import Testing

@Suite("A password's hash is shown to nobody")
struct RedactionTests {
  private let secret = "SCRAM-SHA-256$4096:c2FsdA==$c3RvcmVk:c2VydmVy"

  private var role: ClusterRoleDescriptor {
    ClusterRoleDescriptor(name: "anna", canLogin: true, passwordHash: PasswordHash(secret))
  }

  private func dumped(_ value: Any) -> String {
    var text = ""
    dump(value, to: &text)
    return text
  }

  @Test("Every rendering of the hash is redacted")
  func hash() {
    let hash = PasswordHash(secret)
    for rendering in ["\(hash)", String(reflecting: hash), dumped(hash)] {
      #expect(rendering.contains("<redacted>"))
      #expect(!rendering.contains("SCRAM"))
    }
    #expect(Mirror(reflecting: hash).children.isEmpty)
  }

  @Test("So is every rendering of what holds it, however deep")
  func holders() {
    let holders: [Any] = [role, [role], ["anna": role], Optional(role) as Any, (1, role)]
    for holder in holders {
      for rendering in ["\(holder)", String(reflecting: holder), dumped(holder)] {
        #expect(!rendering.contains("SCRAM"), "\(rendering.prefix(40))")
      }
    }
  }

  @Test("The code that checks a password can read it, and equal hashes are equal")
  func revealed() {
    #expect(role.passwordHash?.revealed == secret)
    #expect(
      PasswordHash(secret) == PasswordHash(secret) && PasswordHash(secret) != PasswordHash(""))
  }

  @Test("A database's handle shows its id and name only")
  func handle() {
    struct Parts: DatabaseCatalog, DatabaseStorage {
      var databaseID: DatabaseID
      var secret: String
    }
    let parts = Parts(databaseID: 7, secret: secret)
    let handle = DatabaseHandle(
      descriptor: DatabaseDescriptor(id: 7, name: "shop", owner: "anna"), catalog: parts,
      storage: parts)
    #expect("\(handle)" == "DatabaseHandle(7, shop)")
    #expect(String(reflecting: handle) == "DatabaseHandle(7, shop)")
  }
}
