import Testing

@Suite("Banned words")
struct BannedTokenRuleTests {
  private func found(_ path: String, _ text: String) -> [Finding] {
    BannedTokenRule().findings(in: SourceFile(path: path, text: text))
  }

  @Test(
    "Time and chance are arguments below the façade",
    arguments: [
      "let a = Date()", "let a = clock.now", "let a: Instant = .now", "ContinuousClock().now",
      "let a = Int.random(in: 0..<3)", "a.shuffled()",
      "let a = b.hashValue", "var hasher = Hasher()", "let a = b.randomElement()",
      "var a = SystemRandomNumberGenerator()",
    ])
  func deterministic(line: String) {
    #expect(found("Sources/AionRaft/A.swift", line).count == 1)
    #expect(found("Sources/AionCluster/A.swift", line).isEmpty)
  }

  @Test("Chance from a generator that is passed in passes")
  func generator() {
    #expect(found("Sources/AionRaft/A.swift", "Int.random(in: 0..<3, using: &generator)").isEmpty)
  }

  @Test(
    "Traps and threads without a reason are found everywhere",
    arguments: [
      "let a = try! b()", "let a = b as! C", "fatalError(\"no\")", "// TODO: later", "/* FIXME */",
      "final class A: @unchecked Sendable {}", "nonisolated(unsafe) var a = 1",
    ])
  func everywhere(line: String) {
    for path in ["Sources/AionWire/A.swift", "Sources/aionlog/A.swift", "Tests/RaftTests/A.swift"] {
      #expect(found(path, line).count == 1)
    }
  }

  @Test("A reason on the line above excuses what can be excused, and nothing else")
  func reason() {
    let reason = "// The lock that guards it is the kernel's.\n"
    #expect(found("Sources/AionLog/A.swift", reason + "nonisolated(unsafe) var a = 1").isEmpty)
    #expect(found("Sources/AionLog/A.swift", "//\nnonisolated(unsafe) var a = 1").count == 1)
    #expect(found("Sources/AionLog/A.swift", reason + "let a = try! b()").count == 1)
  }

  @Test("Libraries do not print; programs do")
  func printing() {
    #expect(found("Sources/AionLog/A.swift", "print(a)").count == 1)
    #expect(found("Sources/aionlog/A.swift", "print(a)").isEmpty)
    #expect(found("Sources/AionLog/A.swift", "func sprint(a: Int) {}").isEmpty)
  }

  @Test(
    "Tests neither sleep nor look inside in debug builds only",
    arguments: [
      "try await Task.sleep(for: .seconds(1))", "usleep(3)", "@testable import AionRaft",
      "import XCTest",
    ])
  func tests(line: String) {
    #expect(found("Tests/RaftTests/A.swift", line).count == 1)
  }

  @Test("A word in a string or in a comment is not code")
  func notCode() {
    #expect(
      found("Sources/AionRaft/A.swift", "let a = \"try! Date()\"  // as! fatalError(").isEmpty)
  }

  @Test("The finding says what to write instead, with its place")
  func advice() {
    let first = found("Sources/AionRaft/A.swift", "\nlet a = Date()").first?.description
    #expect(
      first == "Sources/AionRaft/A.swift:2: no `Date()` here: "
        + "take a WallTime or a tick as an argument.")
  }
}
