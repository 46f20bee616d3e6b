import AionModel
import Testing

@Suite("Names")
struct NameTests {
  private func problem(_ rule: NameRule, _ name: String) -> NameProblem? {
    do throws(ClusterError) {
      try rule.check(name)
      return nil
    } catch {
      guard case .invalidName(rule.kind, name, let problem) = error else { return nil }
      return problem
    }
  }

  @Test(
    "A name of the longest length passes, one byte more does not",
    arguments: [
      NameRule.database, .role, .node, .endpoint, .locale,
    ])
  func lengths(rule: NameRule) {
    let longest = String(repeating: "n", count: rule.limit.bytes)
    #expect(problem(rule, String(longest.dropLast())) == nil)
    #expect(problem(rule, longest) == nil)
    #expect(problem(rule, longest + "n") == .tooLong(limit: rule.limit))
    #expect(problem(rule, "") == .empty)
  }

  @Test("Length is counted in bytes, not in characters")
  func bytes() {
    let limit = NameRule.database.limit
    #expect(problem(.database, String(repeating: "é", count: 31)) == nil)
    #expect(problem(.database, String(repeating: "é", count: 32)) == .tooLong(limit: limit))
  }

  @Test(
    "A control character is refused wherever it stands",
    arguments: [
      "\0", "a\nb", "a\u{7F}", "\u{85}a", "a\tb",
    ])
  func controlCharacters(name: String) {
    for rule in [NameRule.database, .role, .node, .endpoint] {
      #expect(problem(rule, name) == .controlCharacter)
    }
  }

  @Test(
    "White space around the name of a node is refused, inside it is not",
    arguments: [
      " a", "a ", "\u{A0}a", "a\u{2003}", " ",
    ])
  func space(name: String) {
    #expect(problem(.node, name) == .surroundingSpace)
    #expect(problem(.endpoint, name) == .surroundingSpace)
    #expect(problem(.node, "rack 7") == nil)
  }

  @Test(
    "PostgreSQL allows names that look odd, and so do we",
    arguments: [
      "données d'été", "分析", "double \"quotes\"", "trailing space ", "Tab\\with\\backslashes",
    ])
  func realNames(name: String) {
    #expect(problem(.database, name) == nil)
    #expect(problem(.role, name) == nil)
  }

  @Test("A node's id keeps its name, and refuses what is none")
  func nodeIDs() throws {
    let (name, nothing) = ("node-eu-1", "")
    #expect(try NodeID(name).name == "node-eu-1")
    #expect("\(NodeID.local)" == "local")
    #expect(throws: ClusterError.invalidName(.node, "", .empty)) { try NodeID(nothing) }
    #expect(NodeID("a") < "b")
  }

  @Test("Only ASCII letters are folded: other rules change with the Unicode version")
  func folding() {
    #expect("ABCxyzÄÖ".asciiLowercased == "abcxyzÄÖ")
    #expect("分析 [`@{".asciiLowercased == "分析 [`@{")
    #expect("".asciiLowercased == "")
  }
}
