import Foundation
import PackagePlugin

/// Gives a test target a copy of the modules that its `Mutants.txt` names, in which the mutants that
/// it lists can be switched on (Docs/Decisions/0006-mutants.md). What the package ships is not
/// touched.
@main
struct Mutants: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let root = context.package.directoryURL
    let list = root.appending(path: "Tests/\(target.name)/Mutants.txt")
    let output = context.pluginWorkDirectoryURL
    let modules = try modules(in: list)
    var inputs: [URL] = []
    var outputs = [output.appending(path: "Mutant.swift")]
    for module in modules {
      let files = try swiftFiles(under: root.appending(path: "Sources/\(module)"))
      inputs += files
      outputs += files.map { output.appending(path: "\(module)-\($0.lastPathComponent)") }
    }
    return [
      .buildCommand(
        displayName: "Copying \(modules.joined(separator: ", ")) with mutants",
        executable: try context.tool(named: "mutate").url,
        arguments: [list.path, output.path, target.name] + inputs.map(\.path),
        inputFiles: inputs + [list], outputFiles: outputs)
    ]
  }

  /// What stands in the line that begins with `copies`.
  private func modules(in list: URL) throws -> [String] {
    let text = try String(contentsOf: list, encoding: .utf8)
    let line = text.split(separator: "\n").first { $0.hasPrefix("copies ") } ?? ""
    return line.split(separator: " ").dropFirst().map(String.init)
  }

  private func swiftFiles(under folder: URL) throws -> [URL] {
    try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".swift") }.sorted().map { folder.appending(path: $0) }
  }
}
