/// No banned word where it is banned, unless its reason stands above it.
struct BannedTokenRule: Rule {
  var tokens = BannedToken.table

  func findings(in file: SourceFile) -> [Finding] {
    tokens.flatMap { token -> [Finding] in
      guard applies(token, to: file) else { return [] }
      let view = token.view == .code ? file.code : file.comments
      return view.indices.compactMap { line in
        guard let match = view[line].firstMatch(of: token.pattern) else { return nil }
        if token.isExcusedByReason, hasReason(above: line, in: file) { return nil }
        return file.finding(at: line, "no `\(view[line][match.range])` here: \(token.instead).")
      }
    }
  }

  private func applies(_ token: BannedToken, to file: SourceFile) -> Bool {
    switch token.place {
    case .everywhere: true
    case .deterministicModules: !file.isTest && Layers.isDeterministic(file.target)
    case .libraries: !file.isTest && Layers.isLibrary(file.target)
    case .tests: file.isTest
    }
  }

  /// A plain comment, not the documentation of the declaration.
  private func hasReason(above line: Int, in file: SourceFile) -> Bool {
    guard line > 0 else { return false }
    let comment = file.comments[line - 1].drop { $0 == " " }
    return comment.hasPrefix("//") && comment.count > "// because".count
  }
}
