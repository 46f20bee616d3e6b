import AionCatalog
import AionModel
import AionRPC
import Foundation
import Testing

@Suite("aionctl, the program", .timeLimit(.minutes(2)))
struct AionCtlTests {
  @Test("It shows and changes what there is, as a table and as JSON, and its exit codes tell")
  func session() async throws {
    let shared = SharedPlane()
    let endpoint = try await shared.serve(1)
    func run(_ arguments: String...) async throws -> Program {
      try await Program.aionctl(arguments + ["-s", "\(endpoint.address)"])
    }
    #expect(try await run("databases", "create", "shop", "--owner", "anna").exitCode == 0)
    let again = try await run("databases", "create", "shop")
    #expect(again.exitCode == 1 && again.errors.contains("42P04"), "\(again.errors)")
    let table = try await run("databases")
    #expect(table.output.contains("ID  NAME  OWNER"), "\(table.output)")
    #expect(table.output.contains("2  shop  anna"), "\(table.output)")
    let json = try await run("databases", "list", "-o", "json")
    let rows = try JSONDecoder().decode([Database].self, from: Data(json.output.utf8))
    #expect(rows == [Database(id: 2, name: "shop")])
    for node in ["a", "b"] {
      #expect(try await run("nodes", "add", node, "\(node):1").exitCode == 0)
    }
    #expect(try await run("nodes", "mark", "b", "draining").exitCode == 0)
    #expect(shared.snapshot.node("b")?.isDraining == true)
    #expect(
      try await run("shards", "place", "2/16384/0", "a:leader", "b:follower").exitCode == 0)
    #expect(try await run("resolve", "2/16384", "--key", "k").output.contains("shard-0  a"))
    #expect(try await run("shards", "show", "2/16384/shard-0").output.contains("follower"))
    let status = try await run("status")
    #expect(status.output.contains("leader") && status.output.contains("node-1"))
    let changes = try await run("changes", "--from", "1")
    #expect(changes.output.contains("create database \"shop\""), "\(changes.output)")
    let plan = try await run("maintenance", "shop")
    #expect(plan.exitCode == 0, "\(plan.errors)")
    #expect(shared.snapshot.sessions().isEmpty, "every run closed its session")
    await endpoint.close()
  }

  @Test("It saves the whole state as a file that reads back to the same digest")
  func saving() async throws {
    let shared = SharedPlane()
    shared.apply(CommandBatch(.upsertNode(NodeDescriptor(id: "n", rpcEndpoint: "h:1"))))
    let endpoint = try await shared.serve(1)
    let file = FileManager.default.temporaryDirectory.appending(path: "aion-\(UUID()).snapshot")
    defer { try? FileManager.default.removeItem(at: file) }
    let saved = try await Program.aionctl(
      ["snapshot", "save", file.path, "-s", "\(endpoint.address)"])
    #expect(saved.output.contains("\(shared.snapshot.digest)"), "\(saved.errors)")
    var decoder = SnapshotDecoder()
    try decoder.read([UInt8](try Data(contentsOf: file)))
    #expect(try decoder.finish(appliedThrough: 1).digest == shared.snapshot.digest)
    await endpoint.close()
  }

  @Test("Without a server it exits with 2, and with 64 for what it does not understand")
  func failures() async throws {
    let shared = SharedPlane()
    let endpoint = try await shared.serve(1)
    let address = "\(endpoint.address)"
    await endpoint.close()
    let unreachable = try await Program.aionctl(["nodes", "-s", address, "--timeout", "0.2"])
    #expect(unreachable.exitCode == 2 && unreachable.errors.contains("08001"))
    #expect(try await Program.aionctl(["shards", "list", "x/y"]).exitCode == 64)
    #expect(try await Program.aionctl(["nodes", "--certificate", "c"]).exitCode == 64)
    let script = try await Program.aionctl(["--generate-completion-script", "bash"])
    #expect(script.exitCode == 0 && script.output.contains("maintenance"))
  }

  private struct Database: Decodable, Equatable {
    var id: Int
    var name: String
  }
}

/// A run of the program to its end.
private struct Program {
  var exitCode: Int32
  var output: String
  var errors: String

  /// The program as the build that runs the tests has made it.
  static func aionctl(_ arguments: [String]) async throws -> Program {
    var folder = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    while folder.path != "/" {
      folder = folder.deletingLastPathComponent()
      let program = folder.appending(path: "aionctl")
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: program.path, isDirectory: &isFolder),
        !isFolder.boolValue, FileManager.default.isExecutableFile(atPath: program.path)
      {
        return try await run(program, arguments)
      }
    }
    throw NotBuilt()
  }

  private static func run(_ program: URL, _ arguments: [String]) async throws -> Program {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    // Files instead of pipes: neither side can then wait for the other.
    let files = ["out", "err"].map {
      FileManager.default.temporaryDirectory.appending(path: "aion-\(UUID()).\($0)")
    }
    defer { for file in files { try? FileManager.default.removeItem(at: file) } }
    for file in files { try Data().write(to: file) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    // Not waited for on a thread of the pool: the server in this process needs it.
    try await withCheckedThrowingContinuation { (ended: CheckedContinuation<Void, any Error>) in
      process.terminationHandler = { _ in ended.resume() }
      do { try process.run() } catch {
        process.terminationHandler = nil
        ended.resume(throwing: error)
      }
    }
    return Program(
      exitCode: process.terminationStatus,
      output: try String(contentsOf: files[0], encoding: .utf8),
      errors: try String(contentsOf: files[1], encoding: .utf8))
  }

  private struct NotBuilt: Error {}
}
