import Foundation

extension Story {
  /// Lets the offline inspector explain the files, in its own words.
  func inspect() throws -> InspectorReport {
    narrator.title("4. The offline inspector reads the same files")
    try runInspector(["segments", directory])
    let exitCode = try runInspector(["verify", directory])
    return InspectorReport(verifyExitCode: exitCode)
  }

  @discardableResult
  private func runInspector(_ arguments: [String]) throws -> Int32 {
    let own = URL(fileURLWithPath: try Self.ownExecutable())
    let inspector = own.deletingLastPathComponent().appendingPathComponent("aionlog")
    let process = Process()
    let pipe = Pipe()
    process.executableURL = inspector
    process.arguments = arguments
    process.standardOutput = pipe
    narrator.line("\n  $ aionlog \(arguments.joined(separator: " "))")
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    for line in String(decoding: output, as: UTF8.self).split(separator: "\n") {
      narrator.note(String(line))
    }
    return process.terminationStatus
  }
}
