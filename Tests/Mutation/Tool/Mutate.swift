import Foundation

/// `mutate MUTANTS OUTPUT MODULE SOURCE…`: writes copies of sources as one module, with every
/// mutant in its place behind a switch, and the list of the mutants.
@main
struct Mutate {
  static func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard arguments.count > 3 else { throw CocoaError(.fileReadUnknown) }
    let list = try String(contentsOfFile: arguments[0], encoding: .utf8)
    let output = URL(fileURLWithPath: arguments[1])
    let sources = arguments[3...].map { Source(path: $0) }
    let copy = Copy(name: arguments[2], of: Set(sources.map(\.module)))
    var replacements = Replacement.parse(list)
    let renames = Rename.parse(list)
    for source in sources {
      var text = try String(contentsOfFile: source.path, encoding: .utf8)
      for place in replacements.indices where replacements[place].file == source.name {
        if replacements[place].apply(to: &text) { replacements[place].timesApplied += 1 }
      }
      for rename in renames where rename.module == source.module { rename.apply(to: &text) }
      try write(
        copy.asOneModule(text), to: output.appending(path: "\(source.module)-\(source.name)"))
    }
    try write(Mutant.listing(of: replacements), to: output.appending(path: "Mutant.swift"))
  }

  /// What has not changed stays as it is, and is not compiled anew.
  private static func write(_ text: String, to file: URL) throws {
    if let before = try? String(contentsOf: file, encoding: .utf8), before == text { return }
    try text.write(to: file, atomically: true, encoding: .utf8)
  }
}

/// `…/Sources/MODULE/…/NAME`
struct Source {
  var path: String
  var module: String
  var name: String

  init(path: String) {
    self.path = path
    let parts = path.split(separator: "/").map(String.init)
    let folder = parts.lastIndex(of: "Sources") ?? 0
    module = parts[min(folder + 1, parts.count - 1)]
    name = parts.last ?? ""
  }
}

/// The module that holds the copies: they see each other without being imported, and go by its
/// name.
struct Copy {
  let name: String
  let modules: Set<String>

  init(name: String, of modules: Set<String>) {
    self.name = name
    self.modules = modules
  }

  func asOneModule(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .compactMap { line in line.contains("import ") ? imported(line) : qualified(line) }
      .joined(separator: "\n")
  }

  private func imported(_ line: Substring) -> String? {
    guard let statement = line.firstMatch(of: /^(?:(?:public|package) )?import (\w+)$/) else {
      return String(line)
    }
    return modules.contains(String(statement.1)) ? nil : "import \(statement.1)"
  }

  private func qualified(_ line: Substring) -> String? {
    guard line.contains("Aion") else { return String(line) }
    return line.replacing(/\b(Aion\w+)\.(?=\w)/) { match -> String in
      let module = String(match.output.1)
      return modules.contains(module) ? "\(name)." : String(match.output.0)
    }.description
  }
}
