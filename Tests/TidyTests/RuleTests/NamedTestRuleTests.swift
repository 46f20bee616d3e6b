import Testing

@Suite("Named tests")
struct NamedTestRuleTests {
  private let rule = NamedTestRule { path in
    switch path {
    case "Tests/A/B.swift": "@Test(\"Terms only grow\") func grow() {}"
    case "fixtures/raft/a.txt": "campaign 1"
    default: nil
    }
  }

  private func lines(_ row: String) -> [Int] {
    rule.findings(inPage: "Docs/A.md", text: "| what | test | file |\n|---|---|---|\n" + row + "\n")
      .map(\.line)
  }

  @Test("A test and a transcript that are there are fine")
  func present() {
    #expect(lines("| 5 | Terms only grow | `Tests/A/B.swift` |") == [])
    #expect(lines("| 5 | grows | | `fixtures/raft/a.txt` |") == [])
  }

  @Test(
    "A row is found whose test was renamed, whose file is gone, or that names no test",
    arguments: [
      "| 5 | Terms grow | `Tests/A/B.swift` |", "| 5 | Terms only grow | `Tests/A/C.swift` |",
      "| 5 | | `Tests/A/B.swift` |", "| 5 | | `fixtures/raft/b.txt` |",
      "| 5 | Terms only grow | `fixtures/raft/a.txt` |",
    ])
  func absent(row: String) {
    #expect(lines(row) == [3])
  }

  @Test("A row says what it is about")
  func subjects() {
    let rows = rule.rows(inPage: "| 5 | why | Terms only grow | `Tests/A/B.swift` |")
    #expect(
      rows == [.init(line: 0, subject: "5", test: "Terms only grow", file: "Tests/A/B.swift")])
  }
}
