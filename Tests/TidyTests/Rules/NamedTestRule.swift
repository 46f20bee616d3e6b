import Foundation

/// A page that says which test holds a promise names only tests that are there.
///
/// A row of such a page ends with two cells: the test's name, and the file that it is in. A
/// transcript has no name of its own; its cell is empty.
struct NamedTestRule {
  /// The text of a file, by its path relative to the repository; `nil` where there is none.
  let text: (String) -> String?

  struct Row: Equatable {
    var line: Int
    /// The first cell: what the row is about.
    var subject: String
    var test: String
    var file: String
  }

  func rows(inPage page: String) -> [Row] {
    page.linesKeepingEmpty.enumerated().compactMap { line, text in
      let cells = text.split(separator: "|", omittingEmptySubsequences: false).dropFirst()
        .dropLast().map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count >= 3, let file = cells.last?.wholeMatch(of: path) else { return nil }
      return Row(
        line: line, subject: cells[0], test: cells[cells.count - 2], file: String(file.1))
    }
  }

  func findings(inPage path: String, text page: String) -> [Finding] {
    rows(inPage: page).compactMap { row in
      advice(on: row).map { Finding(path: path, line: row.line + 1, advice: $0) }
    }
  }

  private func advice(on row: Row) -> String? {
    guard let text = text(row.file) else { return "\(row.file) is not there; correct the row." }
    guard row.file.hasSuffix(".swift") else {
      return row.test.isEmpty ? nil : "\(row.file) has no names; leave the cell empty."
    }
    // Quotation marks in a name are escaped in Swift, and a bar would end the cell.
    let isThere = !row.test.isEmpty && text.contains("\"\(row.test)\"")
    return isThere ? nil : "no test of \(row.file) is named \"\(row.test)\"; correct the row."
  }

  private let path = /`((?:Tests|fixtures)\/[^`]+)`/
}
