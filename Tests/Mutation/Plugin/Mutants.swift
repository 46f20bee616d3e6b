import Foundation
import PackagePlugin

/// Gives a target a copy of the modules that its `Mutants.txt` names, in which the mutants that it
/// lists can be switched on (Docs/Decisions/0006-mutants.md). What the package ships is not
/// touched.
@main
struct Mutants: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let root = context.package.directoryURL
    let list = root.appending(path: "Tests/\(target.name)/Mutants.txt")
    let output = context.pluginWorkDirectoryURL
    let text = try String(contentsOf: list, encoding: .utf8)
    let modules = words(after: "copies", in: text)
    let omitted = words(after: "omits", in: text)
    var inputs: [URL] = []
    var outputs = [output.appending(path: "Mutant.swift")]
    for module in modules {
      let files = try swiftFiles(of: module, under: root.appending(path: "Sources"), but: omitted)
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

  /// What stands in the lines that begin with a word.
  private func words(after first: String, in text: String) -> [String] {
    text.split(separator: "\n").filter { $0.hasPrefix(first + " ") }
      .flatMap { $0.split(separator: " ").dropFirst().map(String.init) }
  }

  /// - Parameter omitted: Folders and files, by their paths from `Sources`.
  private func swiftFiles(
    of module: String, under sources: URL, but omitted: [String]
  ) throws -> [URL] {
    let folder = sources.appending(path: module)
    return try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      .filter { path in
        path.hasSuffix(".swift") && !omitted.contains { "\(module)/\(path)".hasPrefix($0) }
      }
      .sorted().map { folder.appending(path: $0) }
  }
}
