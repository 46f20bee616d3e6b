import AionModel
import AionRPC
import ArgumentParser

struct Databases: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Databases.",
    subcommands: [List.self, Create.self, Rename.self, Drop.self], defaultSubcommand: List.self)

  static func sheet(of databases: [DatabaseDescriptor]) -> Sheet {
    var sheet = Sheet("id", "name", "owner", "encoding", "connections", "limit", "created")
    for database in databases {
      sheet.add(
        .number(UInt64(database.id.rawValue)), .text(database.name), .text(database.owner),
        .text(database.encoding), .flag(database.allowsConnections),
        database.connectionLimit.map { .number(UInt64($0)) } ?? .none,
        .text("\(database.createdAt)"))
    }
    return sheet
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the databases.")

    @OptionGroup var connection: Connection

    func run() async throws {
      try await connection.show { Databases.sheet(of: try await $0.databases()) }
    }
  }

  struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Create a database.")

    @Argument(help: "Its name.") var name: String
    @Option(help: "The role that owns it.") var owner = "postgres"
    @Option(help: "The database to copy from.") var template: String?
    @OptionGroup var connection: Connection

    func run() async throws {
      let request = CreateDatabaseRequest(name: name, owner: owner, template: template)
      try await connection.show { Databases.sheet(of: [try await $0.createDatabase(request)]) }
    }
  }

  struct Rename: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Rename a database.")

    @Argument(help: "Its name.") var name: String
    @Argument(help: "The new one.") var newName: String
    @OptionGroup var connection: Connection

    func run() async throws {
      try await connection.run { plane in
        try await plane.renameDatabase(try await plane.id(ofDatabase: name), to: newName)
      }
    }
  }

  struct Drop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Drop a database with all its shards.")

    @Argument(help: "Its name.") var name: String
    @OptionGroup var connection: Connection

    func run() async throws {
      try await connection.run { plane in
        try await plane.dropDatabase(try await plane.id(ofDatabase: name))
      }
    }
  }
}

extension RemoteControlPlane {
  /// - Throws: `unknownDatabase`.
  func id(ofDatabase name: String) async throws(ClusterError) -> DatabaseID {
    guard let database = try await database(named: name) else {
      throw .unknownDatabase(.name(name))
    }
    return database.id
  }
}
