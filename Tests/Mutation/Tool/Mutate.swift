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
    let copied = Set(sources.map(\.module))
    var mutants = Mutant.parse(list)
    let renames = Rename.parse(list)
    for source in sources {
      var text = try String(contentsOfFile: source.path, encoding: .utf8)
      for place in mutants.indices where mutants[place].file == source.name {
        mutants[place].isApplied = mutants[place].apply(to: &text)
      }
      for rename in renames where rename.module == source.module { rename.apply(to: &text) }
      try write(
        asOneModule(text, arguments[2], of: copied),
        to: output.appending(path: "\(source.module)-\(source.name)"))
    }
    try write(listing(of: mutants), to: output.appending(path: "Mutant.swift"))
  }

  /// What has not changed stays as it is, and is not compiled anew.
  private static func write(_ text: String, to file: URL) throws {
    if let before = try? String(contentsOf: file, encoding: .utf8), before == text { return }
    try text.write(to: file, atomically: true, encoding: .utf8)
  }

  /// `…/Sources/MODULE/…/NAME`
  private struct Source {
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

  /// What is copied sees itself without being imported, and goes by another name.
  private static func asOneModule(
    _ text: String, _ module: String, of copied: Set<String>
  ) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { line in
        guard line.contains("import "),
          let statement = line.firstMatch(of: /^(?:(?:public|package) )?import (\w+)$/)
        else {
          return true
        }
        return !copied.contains(String(statement.1))
      }
      .map { line in
        line.contains("import ")
          ? line.replacing(/^(public|package) import/, with: "import") : line
      }
      .map { line in
        line.contains("Aion")
          ? line.replacing(/\b(Aion\w+)\.(?=\w)/) { match in
            copied.contains(String(match.1)) ? module + "." : String(match.0)
          } : line
      }
      .joined(separator: "\n")
  }

  private static func listing(of mutants: [Mutant]) -> String {
    var names: [String] = []
    for mutant in mutants where mutant.name != "-" && !names.contains(mutant.name) {
      names.append(mutant.name)
    }
    let stale = mutants.filter { !$0.isApplied }.map { "\($0.name) in \($0.file)" }
    let cases = names.map { "  case \($0)\n" }.joined()
    return """
      /// A mistake that can be switched on in this copy.
      package enum Mutant: String, CaseIterable, Hashable, Sendable {
      \(cases)
        /// The one that is switched on for this task.
        @TaskLocal package static var current: Mutant?

        var isOn: Bool { Mutant.current == self }

        /// Those whose place in the source is no more what it was.
        package static let stale: [String] = \(stale)
      }

      """
  }
}

/// `rename NAME in MODULE to OTHER`: a type that another copied module has too.
struct Rename {
  var name: String
  var module: String
  var other: String

  static func parse(_ text: String) -> [Rename] {
    text.matches(of: /(?m)^rename (\w+) in (\w+) to (\w+)$/).map {
      Rename(name: String($0.1), module: String($0.2), other: String($0.3))
    }
  }

  func apply(to text: inout String) {
    guard let pattern = try? Regex("\\b\(name)\\b") else { return }
    text.replace(pattern.wordBoundaryKind(.simple), with: other)
  }
}

/// One replacement; a mutant may need several.
struct Mutant {
  var name: String
  var file: String
  var original: String
  var mutated: String
  var isApplied = false

  /// Blocks of `mutant NAME in FILE`, the original lines, `becomes`, the lines in their place,
  /// `end`.
  static func parse(_ text: String) -> [Mutant] {
    var mutants: [Mutant] = []
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
    while let line = lines.popFirst() {
      let words = line.split(separator: " ")
      guard words.count == 4, words[0] == "mutant", words[2] == "in" else { continue }
      let original = lines.prefix { $0 != "becomes" }
      lines = lines.dropFirst(original.count + 1)
      let mutated = lines.prefix { $0 != "end" }
      lines = lines.dropFirst(mutated.count + 1)
      mutants.append(
        Mutant(
          name: String(words[1]), file: String(words[3]),
          original: original.joined(separator: "\n"), mutated: mutated.joined(separator: "\n")))
    }
    return mutants
  }

  /// Tells whether the original stood there, once.
  func apply(to text: inout String) -> Bool {
    guard text.components(separatedBy: original).count == 2 else { return false }
    text = text.replacingOccurrences(of: original, with: mutated)
    return true
  }
}
