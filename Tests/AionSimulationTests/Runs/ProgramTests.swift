import Foundation
import Testing

@Suite("tools/aionsim")
struct ProgramTests {
  /// What a run of the program came to.
  private struct Ended {
    var exitCode: Int32
    var output: Data

    var text: String { String(decoding: output, as: UTF8.self) }
  }

  private struct NotBuilt: Error {}

  private func aionsim(_ arguments: String...) throws -> Ended {
    let process = Process()
    process.executableURL = try program()
    process.arguments = arguments
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("aionsim-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    // A file instead of a pipe: neither side can then wait for the other.
    let output = folder.appendingPathComponent("out")
    try Data().write(to: output)
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return Ended(exitCode: process.terminationStatus, output: try Data(contentsOf: output))
  }

  /// As the build that runs the tests has made it.
  private func program() throws -> URL {
    var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      let candidate = folder.appendingPathComponent("aionsim")
      if FileManager.default.isExecutableFile(atPath: candidate.path), !candidate.hasDirectoryPath {
        return candidate
      }
    }
    throw NotBuilt()
  }

  @Test("The same seed prints the same bytes in every process", arguments: ["5", "8", "9"])
  func sameBytes(seed: String) throws {
    let first = try aionsim("run", "--seed", seed, "--lite", "--verbose")
    let second = try aionsim("run", "--seed", seed, "--lite", "--verbose")
    #expect(first.output == second.output)
    #expect(first.output.count > 1_000)
    #expect(first.exitCode == 0)
    #expect(first.text.hasSuffix("\nPASSED\n"))
  }

  @Test("A sweep tells what it met, and as JSON for programs")
  func sweep() throws {
    let swept = try aionsim("sweep", "--seeds", "3", "--lite", "--json")
    #expect(swept.exitCode == 0)
    let parsed = try JSONSerialization.jsonObject(with: swept.output) as? [String: Any]
    #expect(parsed?["seeds"] as? Int == 3)
    #expect((parsed?["coverage"] as? [String: Int])?["election"] ?? 0 > 0)
  }

  @Test("Wrong usage ends with 64")
  func usage() throws {
    #expect(try aionsim("run").exitCode == 64)
    #expect(try aionsim("run", "--seed", "1", "--without", "gravity").exitCode == 64)
    #expect(try aionsim("run", "--seed", "1", "--replicas", "8").exitCode == 64)
    #expect(try aionsim("sweep", "--minutes", "0").exitCode == 64)
  }

  @Test("A seed that breaks nothing has nothing to shrink")
  func shrink() throws {
    let shrunk = try aionsim("shrink", "--seed", "5", "--lite")
    #expect(shrunk.exitCode == 0)
    #expect(shrunk.text == "seed 5 breaks no promise\n")
  }
}
