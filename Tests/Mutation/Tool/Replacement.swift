import Foundation

/// Lines of a source, and those that stand in their place in the copy; a mutant may need several.
struct Replacement {
  /// Of the mutant; `-` for what only makes mutants possible.
  var name: String
  var file: String
  var original: String
  var mutated: String
  /// Once, unless the source has changed or two modules have a file of that name and both hold it.
  var timesApplied = 0

  /// Blocks of `mutant NAME in FILE`, the original lines, `becomes`, the lines in their place,
  /// `end`.
  static func parse(_ text: String) -> [Replacement] {
    var replacements: [Replacement] = []
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
    while let line = lines.popFirst() {
      let words = line.split(separator: " ")
      guard words.count == 4, words[0] == "mutant", words[2] == "in" else { continue }
      let original = lines.prefix { $0 != "becomes" }
      lines = lines.dropFirst(original.count + 1)
      let mutated = lines.prefix { $0 != "end" }
      lines = lines.dropFirst(mutated.count + 1)
      replacements.append(
        Replacement(
          name: String(words[1]), file: String(words[3]),
          original: original.joined(separator: "\n"), mutated: mutated.joined(separator: "\n")))
    }
    return replacements
  }

  /// Tells whether the original stood there, once.
  func apply(to text: inout String) -> Bool {
    guard text.components(separatedBy: original).count == 2 else { return false }
    text = text.replacingOccurrences(of: original, with: mutated)
    return true
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

/// What the copy says of its mutants.
enum Mutant {
  static func listing(of replacements: [Replacement]) -> String {
    var names: [String] = []
    for replacement in replacements
    where replacement.name != "-" && !names.contains(replacement.name) {
      names.append(replacement.name)
    }
    let stale = replacements.filter { $0.timesApplied != 1 }.map { "\($0.name) in \($0.file)" }
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
