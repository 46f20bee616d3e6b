/// A page or a comment names only files that are there.
struct DeadReferenceRule {
  /// Whether a path, relative to the repository, names a file or a folder.
  let exists: (String) -> Bool

  init(exists: @escaping (String) -> Bool) { self.exists = exists }

  func findings(inPage path: String, text: String) -> [Finding] {
    text.linesKeepingEmpty.enumerated().flatMap { line, text in
      Set(deadLinks(in: text, of: path) + deadPaths(in: text)).sorted().map {
        Finding(path: path, line: line + 1, advice: "\($0) is not there; correct the path.")
      }
    }
  }

  func findings(inCommentsOf file: SourceFile) -> [Finding] {
    file.comments.enumerated().flatMap { line, text in
      deadPaths(in: text).map { file.finding(at: line, "\($0) is not there; correct the path.") }
    }
  }

  /// Markdown links, relative to the page that holds them.
  private func deadLinks(in line: String, of page: String) -> [String] {
    line.matches(of: link).compactMap { match in
      let target = String(match.1)
      guard !target.contains(":") else { return nil }
      let folder = page.split(separator: "/").dropLast().map(String.init)
      return exists(resolve(target, from: folder)) ? nil : target
    }
  }

  private func resolve(_ link: String, from folder: [String]) -> String {
    var parts = folder
    for part in link.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(String(part)) }
    }
    return parts.joined(separator: "/")
  }

  /// Paths in running text, such as `Docs/Glossary.md`. A path with a placeholder in it (`NAME`,
  /// `NNNN`, `*`, `<…>`) names no file.
  private func deadPaths(in line: String) -> [String] {
    guard line.contains("/") else { return [] }
    return line.matches(of: path).compactMap { match in
      let name = String(match.1)
      let isPlaceholder = name.contains(placeholder)
      return isPlaceholder || exists(name) ? nil : name
    }
  }

  private let link = /\]\(([^)\s#]+)(?:#[^)]*)?\)/
  private let path =
    /(?:^|[\s`("])((?:Sources|Tests|Docs|tools|fixtures|\.ci)\/[\w.\-+\/*<>{}…]*[\w\-*>}])/
  private let placeholder = /[*<{…]|NNNN|NAME/
}
