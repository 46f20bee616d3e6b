/// A function fits on a screen.
struct FunctionLengthRule: Rule {
  let longest = 70

  func findings(in file: SourceFile) -> [Finding] {
    file.code.indices.compactMap { start in
      guard let end = lastLine(ofFunctionAt: start, in: file.code) else { return nil }
      let length = end - start + 1
      guard length > longest else { return nil }
      return file.finding(
        at: start,
        "a function of \(length) lines, \(longest) at most; "
          + "branch here and compute in functions that it calls.")
    }
  }

  /// Nil when no function begins in the line, or when it has no body, as in a protocol.
  private func lastLine(ofFunctionAt start: Int, in code: [String]) -> Int? {
    guard let beginning = code[start].firstMatch(of: head) else { return nil }
    var nesting = 0
    var isInBody = false
    for line in start..<code.count {
      let text = line == start ? code[line][beginning.range.lowerBound...] : code[line][...]
      if line > start, !isInBody, nesting == 0, text.contains(declaration) { return nil }
      for character in text {
        switch character {
        case "(", "[", "{":
          if character == "{", nesting == 0 { isInBody = true }
          nesting += 1
        case ")", "]", "}":
          nesting -= 1
          if nesting < 0 { return nil }
          if nesting == 0, isInBody, character == "}" { return line }
        default: break
        }
      }
    }
    return nil
  }

  private let head =
    #/
      (?: \bfunc\s | (?:^|\s)init[?!]?\s*[(<] | \bdeinit\b | \bsubscript\s*[(<]
        | \bvar\s+\w+\s*:[^={]*\{\s*$ )
    /#

  /// What ends a declaration that had no body.
  private let declaration =
    #/
      ^\s* (?: @\w+ | \} | (?:\w+\s+)*
        (?:func|var|let|init|subscript|case|struct|enum|class|typealias|associatedtype)\b )
    /#
}
