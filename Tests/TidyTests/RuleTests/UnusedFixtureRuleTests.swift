import Testing

@Suite("Unused fixtures")
struct UnusedFixtureRuleTests {
  private let test = SourceFile(
    path: "Tests/RaftTests/A.swift",
    text: "let a = \"fixtures/raft\"\nlet b = read(\"frozen.log\")\n")

  private func unused(_ fixtures: [String]) -> [String] {
    UnusedFixtureRule().findings(fixtures: fixtures, swiftFiles: [test]).map(\.path)
  }

  @Test("A fixture is used by its name or by a folder that it lies in")
  func used() {
    #expect(
      unused(["fixtures/raft/a/b.txt", "fixtures/log/frozen.log", "fixtures/log/README.md"]) == [])
  }

  @Test("A fixture that nobody names is found")
  func forgotten() {
    #expect(
      unused(["fixtures/log/other.log", "fixtures/raft/a.txt"]) == ["fixtures/log/other.log"])
  }
}
