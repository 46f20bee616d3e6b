import AionModel
import ErrorSamples
import Testing

@Suite("Refusals")
struct ClusterErrorTests {
  @Test("Every error is among the samples")
  func complete() {
    let kinds = Set(ClusterError.samples.map(\.kind))
    #expect(kinds == Set(0..<ClusterError.kinds))
  }

  @Test(
    "Every error has an SQLSTATE: five digits or capital letters", arguments: ClusterError.samples)
  func sqlState(error: ClusterError) {
    #expect(error.sqlState.count == 5)
    #expect(error.sqlState.allSatisfy { $0.isASCII && ($0.isNumber || $0.isUppercase) })
    #expect(error.description == "\(error.message) [\(error.sqlState)]")
  }

  @Test("Every message is one line, and says what to do", arguments: ClusterError.samples)
  func message(error: ClusterError) {
    let message = error.message
    #expect(message != error.sqlState && message.count > 20 && message.count < 400)
    #expect(!message.unicodeScalars.contains { $0.properties.generalCategory == .control })
    #expect(message.contains("; "), "\(message): what is the reader to do?")
  }

  @Test("PostgreSQL's own codes are used where it has one")
  func codes() {
    #expect(ClusterError.databaseExists(name: "a").sqlState == "42P04")
    #expect(ClusterError.unknownDatabase(.id(7)).sqlState == "3D000")
    #expect(ClusterError.unknownNode("a").sqlState == "42704")
    #expect(ClusterError.notAVoter(.sample, "a").sqlState == "55000")
    let moved = VersionMismatch.catalogVersion(expected: 1, current: 2)
    #expect(ClusterError.preconditionFailed(moved).sqlState == "40001")
    #expect(ClusterError.diskFull(path: "/d").sqlState == "53100")
  }

  @Test("A message names its object")
  func objects() {
    #expect(ClusterError.databaseExists(name: "shop").message.contains("\"shop\""))
    #expect(ClusterError.unknownShard(.key(.sample)).message.contains("1/16384/shard-7"))
    #expect(ClusterError.nodeDown("node-eu-1").message.contains("node-eu-1"))
    #expect(ClusterError.diskFull(path: "/var/lib/db").message.contains("/var/lib/db"))
    let elsewhere = ClusterError.notLeader(leader: "node-2", address: "10.0.0.2:7400")
    #expect(elsewhere.message.contains("node-2") && elsewhere.message.contains("10.0.0.2:7400"))
  }

  @Test("A long list is cut, and says that it is")
  func longLists() {
    let tables = [TableKey(database: 1, relation: 2), TableKey(database: 1, relation: 3)]
    let cut = ClusterError.ambiguousShard(7, tables: tables, count: 900).message
    #expect(cut.contains("900") && cut.contains("1/2, 1/3, …"))
    #expect(!ClusterError.ambiguousShard(7, tables: tables, count: 2).message.contains("…"))
  }

  @Test("A name out of place does not break the line that reports it")
  func hostileNames() {
    let long = ClusterError.invalidName(
      .role, String(repeating: "x", count: 100_000), .tooLong(limit: 63))
    #expect(long.message.count < 300 && long.message.contains("100000"))
    let control = ClusterError.invalidName(.database, "a\u{1B}[31m\n", .controlCharacter)
    #expect(!control.message.contains("\u{1B}") && !control.message.contains("\n"))
  }
}
