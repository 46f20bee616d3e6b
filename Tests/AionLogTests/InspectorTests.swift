import AionCatalog
import AionLog
import AionModel
import AionRaft
import Foundation
import Testing

/// A data directory with commands in it, and the inspector run on it.
@Suite("The inspector")
struct InspectorTests {
  let folder: TemporaryDirectory

  init() throws {
    folder = try TemporaryDirectory()
    let (log, _) = try folder.openLog()
    try log.write([Entry(index: 1, term: 1)], hardState: HardState(term: 1, vote: 1))
    for index in UInt64(2)...120 { try log.write([try Self.entry(index)]) }
    var role = ClusterRoleDescriptor.superuser(named: "ada")
    role.passwordHash = PasswordHash("SCRAM-SHA-256$4096:secretsalt$storedkey:serverkey")
    try log.write([Self.entry(121, .upsertRole(role))], hardState: HardState(term: 1, commit: 121))
    let writer = try log.snapshots.write(
      SnapshotDescription(
        metadata: SnapshotMetadata(
          position: LogPosition(term: 1, index: 100), membership: Membership(voters: [1])),
        catalogVersion: 99, counts: [.init("nodes", 99)]))
    try writer.append(records: LogWorld.payload(5_000), count: 99)
    _ = try writer.finish(digest: SnapshotDigest(rawValue: 7))
  }

  private static func entry(_ index: UInt64) throws -> Entry {
    let node = NodeDescriptor(id: try NodeID("node-\(index)"), rpcEndpoint: "10.0.0.1:\(index)")
    return entry(index, .upsertNode(node))
  }

  private static func entry(_ index: UInt64, _ command: Command) -> Entry {
    Entry(
      index: LogIndex(index), term: 1,
      proposedAt: WallTime(nanosecondsSince1970: 1_772_368_496_789_000_000),
      payload: .command(CommandBatch(command).encoded()))
  }

  private func run(_ arguments: String...) throws -> Subprocess {
    try Subprocess.product("aionlog", arguments)
  }

  private var data: String { folder.path + "/data" }

  @Test("segments lists every segment and snapshot with its sizes")
  func segments() throws {
    let result = try run("segments", data)
    #expect(result.exitCode == 0, "\(result.errors)")
    for name in try folder.names(in: "log") { #expect(result.text.contains("log/" + name)) }
    #expect(result.text.contains("sealed"))
    #expect(result.text.contains("snapshots/00000000000000000100.snap"))
    #expect(result.text.contains("99 nodes"))
  }

  @Test("dump prints index, term, time and the command in words")
  func dump() throws {
    let result = try run("dump", data)
    #expect(result.exitCode == 0, "\(result.errors)")
    let lines = result.text.split(separator: "\n")
    #expect(lines.count == 122)
    #expect(lines[5].contains("2026-03-01T12:34:56.789Z"), "\(lines[5])")
    #expect(lines[5].contains("upsert node node-5 at \"10.0.0.1:5\""), "\(lines[5])")
  }

  @Test("dump never shows a password's hash")
  func redacts() throws {
    for arguments in [["dump", data], ["dump", data, "--json"]] {
      let result = try Subprocess.product("aionlog", arguments)
      #expect(result.text.contains("<redacted>"))
      #expect(!result.text.contains("SCRAM"))
      #expect(!result.text.contains("secretsalt"))
    }
  }

  @Test("dump --from --to prints just those, as JSON lines when asked")
  func dumpRange() throws {
    let result = try run("dump", data, "--from", "110", "--to", "112", "--json")
    let indexes = try result.text.split(separator: "\n").map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return object?["index"] as? Int
    }
    #expect(indexes == [110, 111, 112])
  }

  @Test("verify ends with 0 on whole files, also while they are in use")
  func verifyClean() throws {
    let (log, _) = try folder.openLog()
    let result = try run("verify", data)
    #expect(result.exitCode == 0, "\(result.text) \(result.errors)")
    #expect(result.text.contains("121 entries"))
    #expect(log.last.index == 121)
  }

  @Test("verify ends with 1 on a torn tail and names its place")
  func verifyTorn() throws {
    let size = try cutLastSegment()
    let result = try run("verify", data, "--json")
    #expect(result.exitCode == 1, "\(result.text) \(result.errors)")
    #expect(result.text.contains(#""verdict":"torn""#))
    #expect(try folder.names(in: "log").last.map { folder.file("log/" + $0) }.map(fileSize) == size)
  }

  @Test("verify ends with 2 on damage and names segment, offset and index")
  func verifyDamage() throws {
    let name = try #require(try folder.names(in: "log").first)
    let file = folder.file("log/" + name)
    var bytes = try Data(contentsOf: file)
    bytes[bytes.count / 2] ^= 4
    try bytes.write(to: file)
    let result = try run("verify", data)
    #expect(result.exitCode == 2)
    #expect(result.text.contains("log/\(name) at byte "), "\(result.text)")
    #expect(result.text.contains("after index "), "\(result.text)")
  }

  @Test("verify ends with 2 on a damaged snapshot and goes on to the log")
  func verifySnapshot() throws {
    let file = folder.file("snapshots/00000000000000000100.snap")
    var bytes = try Data(contentsOf: file)
    bytes[200] ^= 1
    try bytes.write(to: file)
    let result = try run("verify", data)
    #expect(result.exitCode == 2)
    #expect(result.text.contains("snapshots/00000000000000000100.snap at byte"))
    #expect(result.text.contains("121 entries"))
  }

  @Test("verify tells that a replica recovers, from what, and which files were set aside")
  func verifyRecovering() throws {
    var group = GroupRecord(incarnation: 5, founders: [1, 2, 3])
    group.isIntroduced = true
    try folder.openLog().0.save(group)
    let name = try #require(try folder.names(in: "log").last)
    let file = folder.file("log/" + name)
    var bytes = try Data(contentsOf: file)
    bytes[200] ^= 4
    try bytes.write(to: file)
    let (log, recovered) = try Log.open(
      try folder.directory(), as: LogWorld.identity, beginning: group, successor: 6,
      limits: LogWorld.limits)
    #expect(log.group?.recovery != nil)
    let result = try run("verify", data)
    #expect(result.exitCode == 0, "\(result.text) \(result.errors)")
    #expect(result.text.contains("recovering generation 1"), "\(result.text)")
    #expect(result.text.contains("log/\(name) at byte "), "\(result.text)")
    let aside = try #require(recovered.report.setAside.last)
    #expect(result.text.contains(aside), "\(result.text)")
    try Data([1, 2, 3]).write(to: folder.file("group"))
    let rotten = try run("verify", data, "--json")
    #expect(rotten.exitCode == 2)
    #expect(rotten.text.contains(#""file":"group""#), "\(rotten.text)")
  }

  @Test("A wrong command line, and a path that is no data directory, end with 64")
  func usage() throws {
    #expect(try run("verify").exitCode == 64)
    #expect(try run("explain", data).exitCode == 64)
    #expect(try run("dump", data, "--from", "9", "--to", "3").exitCode == 64)
    #expect(try run("verify", data + "/nowhere").exitCode == 64)
    #expect(try run("verify", "/etc/hostname").exitCode == 64)
    #expect(try run("verify", "/etc").exitCode == 64)
    for command in [
      ["--help"], ["segments", "--help"], ["dump", "--help"], ["verify", "--help"],
    ] {
      #expect(try Subprocess.product("aionlog", command).exitCode == 0)
    }
  }

  /// Takes the last bytes of the last batch away.
  private func cutLastSegment() throws -> Int {
    let name = try #require(try folder.names(in: "log").last)
    let file = folder.file("log/" + name)
    let bytes = try Data(contentsOf: file)
    let end = try #require(bytes.lastIndex { $0 != 0 })
    try bytes.prefix(end - 3).write(to: file)
    return end - 3
  }

  private func fileSize(_ file: URL) -> Int? { (try? Data(contentsOf: file))?.count }
}
