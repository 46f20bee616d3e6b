import Testing

@Suite("Dead references")
struct DeadReferenceRuleTests {
  private let rule = DeadReferenceRule { path in
    ["Docs", "Docs/Glossary.md", "Docs/Decisions/0001-a.md", "tools/test", "README.md"]
      .contains(path)
  }

  private func found(_ text: String, in page: String = "Docs/Decisions/0001-a.md") -> Int {
    rule.findings(inPage: page, text: text).count
  }

  @Test(
    "Links are followed from their page, with anchors left out",
    arguments: [
      "[a](0001-a.md)", "[a](./0001-a.md#choice)", "[a](../Glossary.md)", "[a](../../README.md)",
      "[a](https://example.org/x.md)", "[a](#here)", "`tools/test` and (Docs/Glossary.md).",
      "`tools/NAME`, Docs/Decisions/NNNN-title.md, `fixtures/raft/*.txt`",
    ])
  func alive(text: String) {
    #expect(found(text) == 0)
  }

  @Test(
    "A dead link or a dead path is found",
    arguments: [
      "[a](0002-b.md)", "[a](../Nothing.md)", "`tools/nothing`", "see Docs/Nothing.md.",
      "`Sources/AionGone/A.swift`",
    ])
  func dead(text: String) {
    #expect(found(text) == 1)
  }

  @Test("Comments in code are read, code is not")
  func comments() {
    let text = "// The table is in Docs/Gone.md\nlet a = \"Docs/Gone.md\"\n"
    let file = SourceFile(path: "Sources/AionLog/A.swift", text: text)
    #expect(rule.findings(inCommentsOf: file).map(\.line) == [1])
  }
}
