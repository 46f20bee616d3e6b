import Foundation

/// `mutate MUTANTS OUTPUT SOURCE…`: writes copies of sources as one module, with every mutant
/// in its place behind a switch, and the list of the mutants.
@main
struct Mutate {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    guard let list = arguments.first, let output = arguments.dropFirst().first else {
      throw CocoaError(.fileReadUnknown)
    }
    var mutants = Mutant.parse(try String(contentsOfFile: list, encoding: .utf8))
    for path in arguments.dropFirst(2) {
      let source = URL(fileURLWithPath: path)
      var text = try String(contentsOf: source, encoding: .utf8)
      for place in mutants.indices where mutants[place].file == source.lastPathComponent {
        mutants[place].isApplied = mutants[place].apply(to: &text)
      }
      try asOneModule(text).write(
        to: URL(fileURLWithPath: output).appending(path: source.lastPathComponent),
        atomically: true, encoding: .utf8)
    }
    try listing(of: mutants).write(
      to: URL(fileURLWithPath: output).appending(path: "Mutant.swift"), atomically: true,
      encoding: .utf8)
  }

  /// The core and the explorer see each other without being imported.
  private static func asOneModule(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.hasSuffix("import AionRaft") }
      .map { $0.replacing(/^(public|package) import/, with: "import") }
      .joined(separator: "\n")
  }

  private static func listing(of mutants: [Mutant]) -> String {
    let names = mutants.map(\.name).filter { $0 != "-" }
    let stale = mutants.filter { !$0.isApplied }.map { "\($0.name) in \($0.file)" }
    let cases = names.map { "  case \($0)\n" }.joined()
    return """
      /// A mistake that can be switched on in this copy.
      enum Mutant: String, CaseIterable, Hashable, Sendable {
      \(cases)
        /// Those whose place in the source is no more what it was.
        static let stale: [String] = \(stale)
      }

      """
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
