/// What others may use is documented: public types, functions, and what a public protocol asks for.
///
/// An extension with documentation of its own speaks for its functions: a family such as one
/// method per field type is described once.
struct DocumentationRule: Rule {
  /// Names that public protocols ask for: what fulfils them is documented there.
  let contracts: Set<String>

  init(contracts: Set<String> = []) { self.contracts = contracts }

  func findings(in file: SourceFile) -> [Finding] {
    guard !file.isTest else { return [] }
    let surroundings = surroundings(of: file)
    return file.code.indices.compactMap { line in
      guard
        let name = name(of: file.code[line], in: surroundings[line]),
        !Self.witnesses.contains(name), !isDocumented(line, in: file),
        surroundings[line] == .publicProtocol || !contracts.contains(name)
      else { return nil }
      return file.finding(
        at: line, "\(name) is public without a `///` above it; give units, ranges and errors.")
    }
  }

  /// What the public protocols of this file ask for.
  func requirements(in file: SourceFile) -> [String] {
    zip(file.code, surroundings(of: file)).compactMap { line, surroundings in
      surroundings == .publicProtocol ? requirementName(in: line) : nil
    }
  }

  private enum Surroundings { case publicProtocol, documentedExtension, other }

  private func name(of line: String, in surroundings: Surroundings) -> String? {
    switch surroundings {
    case .publicProtocol: requirementName(in: line)
    case .documentedExtension: line.contains("func ") ? nil : publicName(in: line)
    case .other: publicName(in: line)
    }
  }

  /// Operators are left out: the protocol that they fulfil says what they do.
  private func publicName(in line: String) -> String? {
    guard line.contains("public ") || line.contains("open ") else { return nil }
    return line.firstMatch(of: publicDeclaration).map { String($0.1) }
  }

  private func requirementName(in line: String) -> String? {
    line.firstMatch(of: requirement).map { String($0.1) }
  }

  /// What each line lies in, when directly inside a declaration of the file's top level.
  private func surroundings(of file: SourceFile) -> [Surroundings] {
    var nesting = 0
    var current = Surroundings.other
    return file.code.enumerated().map { line, text in
      if nesting == 0, text.contains(topLevelDeclaration) {
        current = surroundings(openedAt: line, in: file)
      }
      let own = nesting == 1 ? current : .other
      nesting += text.utf8.count { $0 == openingBrace } - text.utf8.count { $0 == closingBrace }
      return own
    }
  }

  private func surroundings(openedAt line: Int, in file: SourceFile) -> Surroundings {
    if file.code[line].contains("public protocol ") { return .publicProtocol }
    let isExtension = file.code[line].contains("extension ")
    return isExtension && isDocumented(line, in: file) ? .documentedExtension : .other
  }

  private func isDocumented(_ line: Int, in file: SourceFile) -> Bool {
    var above = line - 1
    while above >= 0, file.lines[above].drop(while: { $0 == " " }).hasPrefix("@") { above -= 1 }
    guard above >= 0 else { return false }
    let comment = file.comments[above].drop { $0 == " " }
    return comment.hasPrefix("///") || comment.hasSuffix("*/")
  }

  private let publicDeclaration =
    #/
      ^\s* (?:@\w+(?:\([^)]*\))?\s+)*
      (?:public|open)\s+
      (?:(?:static|class|final|mutating|nonmutating|consuming|borrowing|override|indirect
        |nonisolated)\s+)*
      (?:struct|enum|class|actor|protocol|typealias|func)\s+ `?(\w+)
    /#
  private let requirement = /^\s*(?:(?:static|mutating|nonisolated)\s+)*(?:func|var)\s+`?(\w+)/
  private let topLevelDeclaration = /\b(?:protocol|struct|enum|class|actor|extension|func)\b/

  /// Documented by the protocols of the standard library and of our codecs that they fulfil.
  private static let witnesses: Set<String> = [
    "advanced", "description", "distance", "encode", "hash", "makeIterator", "index", "formIndex",
    "makeAsyncIterator", "next", "RawValue", "Element", "Failure", "Index", "Iterator",
    "AsyncIterator",
    "callAsFunction", "run", "validate",
  ]
}

private let openingBrace = UInt8(ascii: "{")
private let closingBrace = UInt8(ascii: "}")
