import AionHistory
import AionModel
import Foundation
import Testing

@Suite("aionhistory check")
struct ProgramTests {
  @Test("A good history ends with 0, a bad one with 1, an undecided one with 2")
  func verdicts() throws {
    var story = Story("register/x")
    story.call(1, "write", 1)
    let good = try check([story.events])
    #expect(good.exitCode == 0)
    #expect(
      good.output == "linearizable: 1 operations on 1 objects, 1 configurations looked at\n")
    let undecided = try check(
      [RandomHistory(.register, clients: 6, operations: 120, seed: 1).events], ["--limit", "10"])
    #expect(undecided.exitCode == 2)
    #expect(undecided.output.contains("register/x: undecided after 10 configurations"))
    story.call(2, "read", .nothing, 2)
    let bad = try check([story.events])
    #expect(bad.exitCode == 1)
    #expect(bad.output.contains("client 2  read → 2  ├─┤"))
  }

  @Test("Indexes out of order end with 1 too")
  func versions() throws {
    var story = Story("register/x")
    story.call(1, "write", 1, at: 5)
    story.call(2, "read", .nothing, 1, at: 4)
    let result = try check([story.events])
    #expect(result.exitCode == 1)
    #expect(result.output.contains("index 5 was known when the read began"))
  }

  @Test("--json says the same to programs, of several files as one history")
  func json() throws {
    var first = Story("register/x")
    first.call(1, "write", 1)
    var second = Story("register/x")
    second.call(2, "read", .nothing, 3)
    let result = try check([first.events, second.events], ["--json"])
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    #expect(result.exitCode == 1)
    #expect(object["verdict"] as? String == "violated")
    #expect(object["operations"] as? Int == 2)
    #expect((object["violations"] as? [Any])?.count == 1)
  }

  @Test("What cannot be read ends with 2 and names the line; no file is a question of usage")
  func unreadable() throws {
    let missing = try run(["check", "/nowhere/history.jsonl"])
    #expect(missing.exitCode == 2)
    #expect(missing.errors.contains("/nowhere/history.jsonl: there is no such file"))
    let broken = try check(text: ["{\"process\":1}\n"])
    #expect(broken.exitCode == 2)
    #expect(broken.errors.contains("line 1: \"type\" is missing"))
    #expect(broken.output.isEmpty)
    #expect(try run(["check"]).exitCode == 64)
    #expect(try run(["check", "x", "--limit", "0"]).exitCode == 64)
  }

  private struct Result {
    var exitCode: Int32
    var output: String
    var errors: String
  }

  private func check(_ files: [[HistoryEvent]], _ options: [String] = []) throws -> Result {
    try check(text: files.map { $0.map { $0.line + "\n" }.joined() }, options)
  }

  private func check(text files: [String], _ options: [String] = []) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    let paths = try files.enumerated().map { place, text in
      let file = folder.appending(path: "\(place).jsonl")
      try Data(text.utf8).write(to: file)
      return file.path
    }
    return try run(["check"] + paths + options)
  }

  /// Nothing that is said is longer than what a pipe holds.
  private func run(_ arguments: [String]) throws -> Result {
    let process = Process()
    process.executableURL = try product("aionhistory")
    process.arguments = arguments
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return Result(
      exitCode: process.terminationStatus,
      output: String(decoding: output.fileHandleForReading.availableData, as: UTF8.self),
      errors: String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self))
  }

  /// A program of this package, as the build that runs the tests has made it.
  private func product(_ name: String) throws -> URL {
    var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    repeat {
      folder = folder.deletingLastPathComponent()
      let candidate = folder.appending(path: name)
      if FileManager.default.isExecutableFile(atPath: candidate.path), !candidate.hasDirectoryPath {
        return candidate
      }
    } while folder.path != "/"
    throw CocoaError(.fileNoSuchFile)
  }
}
