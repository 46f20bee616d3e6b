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
      // An attempt that is made again on a busy machine leaves a session behind.
      try await Program.aionctl(
        arguments + ["-s", "\(endpoint.address)", "--timeout", "100"])
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
    if let second = TimeToLive(milliseconds: 1_000) {
      shared.apply(
        CommandBatch(.registerNode("c", rpcEndpoint: "c:1", agent: 1, timeToLive: second)))
    }
    let nodes = try await run("nodes").output.split(separator: "\n")
    #expect(
      nodes.map { String($0.split(separator: " ").last ?? "") }
        == ["REGISTERED", "-", "-", "\(shared.snapshot.placementEpoch)"])
    #expect(
      try await run("shards", "place", "2/16384/0", "a:leader", "b:follower").exitCode == 0)
    #expect(try await run("resolve", "2/16384", "--key", "k").output.contains("shard-0  a"))
    #expect(try await run("shards", "show", "2/16384/shard-0").output.contains("follower"))
    let status = try await run("status")
    #expect(status.output.contains("leader") && status.output.contains("node-1"))
    #expect(status.output.contains("1.5 MiB") && status.output.contains("9.9.9"))
    let sizes = try await run("status", "-o", "json")
    #expect(sizes.output.contains(#""disk":1572864"#), "\(sizes.output)")
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

  @Test("Exit codes: 0 done, 1 refused, 2 nobody reached, 64 not understood")
  func exitCodes() async throws {
    let shared = SharedPlane()
    let endpoint = try await shared.serve(1) {
      $0.policy = AccessPolicy(
        tokens: [AccessToken("look", role: .reader)], anonymousRole: nil,
        requiresReplicaCertificate: false)
    }
    let folder = FileManager.default.temporaryDirectory.appending(path: "aion-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func run(_ arguments: String..., token: String) async throws -> Program {
      let file = folder.appending(path: token)
      try Data("\(token)\n".utf8).write(to: file)
      return try await Program.aionctl(
        arguments + ["-s", "\(endpoint.address)", "--token-file", file.path])
    }
    #expect(try await run("databases", token: "look").exitCode == 0)
    let forbidden = try await run("databases", "create", "shop", token: "look")
    #expect(forbidden.exitCode == 1 && forbidden.errors.contains("42501"), "\(forbidden.errors)")
    let unknown = try await run("databases", token: "guess")
    #expect(unknown.exitCode == 1 && unknown.errors.contains("unknown token"), "\(unknown.errors)")
    await endpoint.close()
    let unreachable = try await Program.aionctl(
      ["nodes", "-s", "\(endpoint.address)", "--timeout", "0.2"])
    #expect(unreachable.exitCode == 2 && unreachable.errors.contains("08001"))
    let misuses = [
      ["nodez"], ["shards", "list", "x/y"], ["nodes", "--certificate", "c"],
      ["nodes", "--certificate", "c", "--key", "k"], ["nodes", "--timeout", "0"],
      ["nodes", "-o", "xml"], ["nodes", "--revoked", "list"],
    ]
    for misuse in misuses {
      #expect(try await Program.aionctl(misuse).exitCode == 64, "\(misuse)")
    }
  }

  @Test("Who is not let in hears so at once, from whichever server; time is not waited out")
  func turnedAway() async throws {
    let shared = SharedPlane()
    let strict = AccessPolicy(anonymousRole: nil, requiresReplicaCertificate: false)
    let first = try await shared.serve(1) { $0.policy = strict }
    let second = try await shared.serve(2) { $0.policy = strict }
    let stranger = RemoteControlPlane(to: first, second)
    let refusal = await #expect(throws: ClusterError.self) {
      _ = try await stranger.createDatabase(CreateDatabaseRequest(name: "shop", owner: "anna"))
    }
    #expect(refusal?.sqlState == "28000")
    #expect(first.meters.refusedHellos.value + second.meters.refusedHellos.value <= 4)
    await stranger.close()
    // One that lets it in is enough.
    let third = try await shared.serve(3)
    shared.lead(3)
    let guest = RemoteControlPlane(to: first, second, third)
    #expect(try await guest.databases().count == shared.snapshot.databases().count)
    await guest.close()
    for endpoint in [first, second, third] { await endpoint.close() }
  }

  private struct Database: Decodable, Equatable {
    var id: Int
    var name: String
  }
}
