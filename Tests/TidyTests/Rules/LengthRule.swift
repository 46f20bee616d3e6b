/// A file has one main type and a line fits a window (Docs/Decisions/README.md, house style).
struct LengthRule: Rule {
  var longestFile = 400
  var longestLine = 100

  func findings(in file: SourceFile) -> [Finding] {
    var findings: [Finding] = []
    if file.lines.count > longestFile {
      findings.append(
        file.finding(
          at: longestFile,
          "\(file.lines.count) lines, \(longestFile) at most; "
            + "give each chapter a file of its own (Type+Chapter.swift)."))
    }
    for (line, text) in file.lines.enumerated() where text.count > longestLine {
      findings.append(
        file.finding(
          at: line, "\(text.count) columns, \(longestLine) at most; break the line or say less."))
    }
    return findings
  }
}
