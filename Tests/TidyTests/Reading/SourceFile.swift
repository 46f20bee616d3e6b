/// A Swift file, with its code and its comments told apart.
///
/// All three views have the same lines; what belongs to the other view is blank.
struct SourceFile: Sendable {
  /// Relative to the repository, such as `Sources/AionRaft/Log/Entry.swift`.
  let path: String
  /// As written.
  let lines: [String]
  /// Without comments, and with string literals emptied.
  let code: [String]
  /// The comments alone.
  let comments: [String]

  init(path: String, text: String) {
    let split = CodeAndComments(of: text)
    self.path = path
    lines = text.linesKeepingEmpty
    code = split.code.linesKeepingEmpty
    comments = split.comments.linesKeepingEmpty
  }

  /// The target that owns the file by SwiftPM's layout, such as `AionRaft`.
  var target: String? {
    let parts = path.split(separator: "/")
    guard parts.count > 2, parts[0] == "Sources" || parts[0] == "Tests" else { return nil }
    return String(parts[1])
  }

  var isTest: Bool { path.hasPrefix("Tests/") }

  /// A finding on the line with this number, counted from 0.
  func finding(at line: Int, _ advice: String) -> Finding {
    Finding(path: path, line: line + 1, advice: advice)
  }
}

extension String {
  var linesKeepingEmpty: [String] {
    var lines = split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    return lines
  }
}
