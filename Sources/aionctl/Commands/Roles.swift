import AionModel
import AionRPC
import ArgumentParser

struct Roles: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Roles.", subcommands: [List.self, Drop.self], defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the roles.", discussion: "The hashes of passwords are not shown.")

    @OptionGroup var connection: Connection

    func run() async throws {
      try await connection.show { plane in
        var sheet = Sheet("name", "login", "superuser", "createdb", "createrole", "password")
        for role in try await plane.roles() {
          sheet.add(
            .text(role.name), .flag(role.canLogin), .flag(role.isSuperuser),
            .flag(role.canCreateDatabase), .flag(role.canCreateRole),
            .flag(role.passwordHash != nil))
        }
        return sheet
      }
    }
  }

  struct Drop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Drop a role.")

    @Argument(help: "Its name.") var name: String
    @OptionGroup var connection: Connection

    func run() async throws { try await connection.run { try await $0.dropRole(named: name) } }
  }
}
