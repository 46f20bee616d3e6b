import Testing

@Suite("Documentation")
struct DocumentationRuleTests {
  private func lines(_ text: String) -> [Int] {
    DocumentationRule().findings(in: SourceFile(path: "Sources/AionLog/A.swift", text: text))
      .map(\.line)
  }

  @Test(
    "A public type or function without documentation is found",
    arguments: [
      "public struct A {}", "@frozen\npublic enum A {}", "public static func a() {}",
      "@inlinable public mutating func a() {}", "// plain\npublic func a() {}",
      "public final class A {}", "public typealias A = Int",
    ])
  func missing(text: String) {
    #expect(lines(text) == [text.linesKeepingEmpty.count])
  }

  @Test(
    "Documentation above the declaration or above its attributes passes",
    arguments: [
      "/// A.\npublic struct A {}", "/// A.\n@frozen\n@available(macOS 15, *)\npublic struct A {}",
      "/** A. */\npublic func a() {}", "struct A {}", "package func a() {}",
      "public static func < (a: A, b: A) -> Bool { true }",
      "public func hash(into h: inout Hasher) {}",
      "public import AionModel", "public extension A {",
    ])
  func present(text: String) {
    #expect(lines(text) == [])
  }

  @Test("A documented extension speaks for its functions, not for its types")
  func extensions() {
    let body = "extension A {\n  public func a() {}\n  public struct B {}\n}\n"
    #expect(lines("/// One method per type.\n" + body) == [4])
    #expect(lines(body) == [2, 3])
  }

  @Test("What fulfils a contract is documented with the contract")
  func fulfilment() {
    let contract = SourceFile(
      path: "Sources/AionModel/A.swift", text: "/// A.\npublic protocol A {\n  func a()\n}\n")
    let names = DocumentationRule().requirements(in: contract)
    let fulfilment = SourceFile(
      path: "Sources/AionLog/B.swift", text: "public func a() {}\npublic func b() {}\n")
    let rule = DocumentationRule(contracts: Set(names))
    #expect(rule.findings(in: fulfilment).map(\.line) == [2])
    #expect(rule.findings(in: contract).map(\.line) == [3])
  }

  @Test("What a public protocol asks for is public")
  func requirements() {
    let text = """
      /// A.
      public protocol A {
        func a()
        /// B.
        func b()
      }
      struct C {
        func d() {}
      }
      """
    #expect(lines(text) == [3])
  }
}
