import Foundation
import Testing

@Suite("Killed in the middle of writing")
struct KillTests {
  @Test("Twenty times killed with SIGKILL: nothing acknowledged is lost, no batch is half there")
  func twentyRounds() throws {
    let seed = 20_261_122
    let crash = Process()
    let output = Pipe()
    crash.executableURL = try Self.program("crash")
    crash.arguments = ["--rounds", "20", "--tasks", "64", "--seed", String(seed)]
    crash.standardOutput = output
    crash.standardError = output
    try crash.run()
    let told = String(
      decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    crash.waitUntilExit()
    #expect(
      crash.terminationStatus == 0,
      "seed \(seed), repeat with tools/crash --rounds 20 --tasks 64 --seed \(seed)\n\(told)")
    #expect(told.contains("PASSED"))
    #expect(told.split(separator: "\n").count { $0.hasPrefix("round ") } == 20)
  }

  /// A program of this package, from the build that runs the tests.
  private static func program(_ name: String) throws -> URL {
    var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      let candidate = folder.appendingPathComponent(name)
      if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
    }
    throw CocoaError(.fileNoSuchFile)
  }
}
