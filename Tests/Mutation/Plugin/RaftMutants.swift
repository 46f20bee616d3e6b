import Foundation
import PackagePlugin

/// Gives a test target a copy of the raft core and of its explorer in which mutants can be
/// switched on (Docs/Decisions/0006-mutants.md). What the package ships is not touched.
@main
struct RaftMutants: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let sources = context.package.directoryURL.appending(path: "Sources")
    let mutants = context.package.directoryURL.appending(path: "Tests/RaftMutantTests/Mutants.txt")
    let output = context.pluginWorkDirectoryURL
    let inputs = try ["AionRaft", "AionRaftExplorer"].flatMap { module in
      try swiftFiles(under: sources.appending(path: module))
    }
    let outputs = inputs.map { output.appending(path: $0.lastPathComponent) }
    return [
      .buildCommand(
        displayName: "Copying the raft core with its mutants",
        executable: try context.tool(named: "mutate").url,
        arguments: [mutants.path, output.path] + inputs.map(\.path),
        inputFiles: inputs + [mutants],
        outputFiles: outputs + [output.appending(path: "Mutant.swift")])
    ]
  }

  private func swiftFiles(under folder: URL) throws -> [URL] {
    try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".swift") }.sorted().map { folder.appending(path: $0) }
  }
}
