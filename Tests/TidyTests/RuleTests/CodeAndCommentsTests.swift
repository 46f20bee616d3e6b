import Testing

@Suite("Code and comments are told apart")
struct CodeAndCommentsTests {
  private func code(_ text: String) -> String { CodeAndComments(of: text).code }

  @Test("A comment is no code, and keeps its place")
  func lineComment() {
    let split = CodeAndComments(of: "let a = 1  // try! this\nlet b = 2\n")
    #expect(split.code == "let a = 1              \nlet b = 2\n")
    #expect(split.comments == "           // try! this\n         \n")
  }

  @Test("Block comments nest")
  func blockComment() {
    #expect(code("a /* b /* c */ d */ e") == "a                   e")
  }

  @Test(
    "Strings are emptied: plain, raw, multi-line, with escaped quotes",
    arguments: [
      #"f("try!")"#, ##"f(#"say "try!" now"#)"##, #"f("a \" try!")"#,
      "f(\"\"\"\n  try! \"x\"\n  \"\"\")",
    ])
  func strings(text: String) {
    #expect(!code(text).contains("try!"))
    #expect(code(text).hasPrefix("f(") && code(text).hasSuffix(")"))
  }

  @Test("Code inside an interpolation is code, with its own strings and parentheses")
  func interpolation() {
    let result = code(#"f("x \(g(try! h("no"), (1))) y"); k()"#)
    #expect(result.contains(#"g(try! h(""#))
    #expect(!result.contains("no") && !result.contains("y\""))
    #expect(result.contains("; k()"))
  }

  @Test(
    "Text that ends in the middle of anything is read to its end",
    arguments: [
      "/*", "\"", "\"\\", "\"\\(", "#\"", "//", "\"\"\"", "#", "\"\\(a",
    ])
  func unterminated(text: String) {
    #expect(code(text).utf8.count == text.utf8.count)
  }
}
