import ClusterRig
import Foundation
import Testing

/// A run of the program to its end.
struct Program {
  var exitCode: Int32
  var output: String
  var errors: String

  /// - Parameter environment: nil: as it is here.
  static func aionctl(
    _ arguments: [String], environment: [String: String]? = nil
  ) async throws -> Program {
    let program = try #require(ProgramPath.find("aionctl"), "aionctl is not built")
    return try await run(URL(filePath: program), arguments, environment)
  }

  static func run(
    _ program: URL, _ arguments: [String], _ environment: [String: String]?
  ) async throws -> Program {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    if let environment { process.environment = environment }
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
}
