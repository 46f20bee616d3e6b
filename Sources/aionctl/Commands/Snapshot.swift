import AionCatalog
import AionModel
import AionRPC
import ArgumentParser

struct Snapshot: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The whole state.", subcommands: [Save.self])

  struct Save: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write the whole state to a file.",
      discussion: """
        As one aion.v1.SnapshotFile (Docs/schema/aion/v1/snapshot.proto), which protoc can read. \
        It holds the hashes of passwords.
        """)

    @Argument(help: "The file; replaced whole, or not at all.", completion: .file())
    var file: String
    @OptionGroup var connection: Connection

    func run() async throws {
      try await connection.show { plane in
        let snapshot = try await plane.snapshot()
        let bytes = snapshot.encoded()
        try writeFile(bytes, at: file)
        var sheet = Sheet("index", "version", "epoch", "digest", "bytes")
        sheet.add(
          .number(snapshot.applied.rawValue), .number(snapshot.catalogVersion.rawValue),
          .number(snapshot.placementEpoch.rawValue), .text("\(snapshot.digest)"),
          .number(UInt64(bytes.count)))
        return sheet
      }
    }
  }
}

struct Compact: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Have every replica write a snapshot and delete the log before it.")

  @OptionGroup var connection: Connection

  func run() async throws {
    try await connection.show { plane in
      _ = try await plane.status()
      var sheet = Sheet("address", "replica", "snapshot")
      for address in plane.addresses {
        let status = try await plane.manage(.compact, at: address)
        sheet.add(
          .text("\(address)"), .number(status.replica.replica.rawValue),
          .number(status.snapshot.rawValue))
      }
      return sheet
    }
  }
}
