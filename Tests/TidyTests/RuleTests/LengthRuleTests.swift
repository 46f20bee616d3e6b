import Testing

@Suite("Lengths")
struct LengthRuleTests {
  private func file(_ lines: [String]) -> SourceFile {
    SourceFile(path: "Sources/AionModel/A.swift", text: lines.joined(separator: "\n") + "\n")
  }

  @Test("A file of 400 lines passes, one of 401 does not")
  func files() {
    #expect(LengthRule().findings(in: file(Array(repeating: "a", count: 400))).isEmpty)
    let found = LengthRule().findings(in: file(Array(repeating: "a", count: 401)))
    #expect(found.map(\.line) == [401])
  }

  @Test("A line of 100 columns passes, one of 101 does not, and columns are characters")
  func lines() {
    #expect(LengthRule().findings(in: file([String(repeating: "é", count: 100)])).isEmpty)
    #expect(LengthRule().findings(in: file(["", String(repeating: "é", count: 101)])).count == 1)
  }

  @Test(
    "A function of 70 lines passes, one of 71 does not",
    arguments: [
      "  func f(", "  public init?(", "  subscript(", "  init<A>(", "  deinit", "  var a: Int",
    ])
  func functions(head: String) {
    let head = head.hasSuffix("(") || head.hasSuffix("<A>(") ? head + "a: Int)" : head
    let body = { count in [head + " {"] + Array(repeating: "    a()", count: count) + ["  }"] }
    #expect(FunctionLengthRule().findings(in: file(["struct A {"] + body(68) + ["}"])).isEmpty)
    let found = FunctionLengthRule().findings(in: file(["struct A {"] + body(69) + ["}"]))
    #expect(found.map(\.line) == [2])
  }

  @Test("The head counts, however many lines it takes")
  func longHead() {
    let head = ["func f(", "  a: Int", ")", "throws", "{"]
    let lines = head + Array(repeating: "  a()", count: 65) + ["}"]
    #expect(FunctionLengthRule().findings(in: file(lines)).map(\.line) == [1])
  }

  @Test("A requirement without a body does not borrow the next one's")
  func requirement() {
    let lines =
      ["protocol A {", "  func f()", "  var a: Int { get }", "}"]
      + ["enum B {"] + Array(repeating: "  case a", count: 80) + ["}"]
    #expect(FunctionLengthRule().findings(in: file(lines)).isEmpty)
  }

  @Test("A brace in a string or a comment closes nothing")
  func braces() {
    let lines = ["func f() {"] + Array(repeating: #"  a("}")  // }"#, count: 70) + ["}"]
    #expect(FunctionLengthRule().findings(in: file(lines)).count == 1)
  }
}
