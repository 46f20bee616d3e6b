import Foundation
import Testing

/// Runs a program to its end.
struct Subprocess {
  var exitCode: Int32
  var output: [UInt8]
  var errors: String

  var text: String { String(decoding: output, as: UTF8.self) }

  init(_ program: String, _ arguments: [String], input: [UInt8] = []) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    // Files instead of pipes: neither side can then wait for the other.
    let folder = try TemporaryDirectory()
    let paths = ["in", "out", "err"].map { folder.path + "/" + $0 }
    for path in paths { try Data().write(to: URL(fileURLWithPath: path)) }
    try Data(input).write(to: URL(fileURLWithPath: paths[0]))
    process.standardInput = FileHandle(forReadingAtPath: paths[0])
    process.standardOutput = FileHandle(forWritingAtPath: paths[1])
    process.standardError = FileHandle(forWritingAtPath: paths[2])
    try process.run()
    process.waitUntilExit()
    exitCode = process.terminationStatus
    output = [UInt8](try Data(contentsOf: URL(fileURLWithPath: paths[1])))
    errors = String(decoding: try Data(contentsOf: URL(fileURLWithPath: paths[2])), as: UTF8.self)
  }

  /// A program of this package, as the build that runs the tests has made it.
  static func product(_ name: String, _ arguments: [String]) throws -> Subprocess {
    let tests = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    var folder = tests.deletingLastPathComponent()
    while folder.path != "/" {
      let candidate = folder.appendingPathComponent(name)
      if FileManager.default.isExecutableFile(atPath: candidate.path),
        !candidate.hasDirectoryPath
      {
        return try Subprocess(candidate.path, arguments)
      }
      folder = folder.deletingLastPathComponent()
    }
    throw NotBuilt(name: name)
  }

  struct NotBuilt: Error { var name: String }
}
