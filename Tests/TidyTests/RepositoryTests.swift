import Testing

/// This checkout keeps every rule. Each failure names the place and what to do about it.
@Suite("The repository is tidy")
struct RepositoryTests {
  let repository = Repository.here

  @Test("Imports point down and are declared")
  func imports() throws { try expectNothing(from: ImportRule(manifest: repository.manifest)) }

  @Test("Files and lines are short")
  func lengths() throws { try expectNothing(from: LengthRule()) }

  @Test("Functions fit on a screen")
  func functions() throws { try expectNothing(from: FunctionLengthRule()) }

  @Test("No banned word is used")
  func bannedTokens() throws { try expectNothing(from: BannedTokenRule()) }

  @Test("What is public is documented")
  func documentation() throws {
    let contracts = try Repository.swiftFiles.get().flatMap(DocumentationRule().requirements)
    try expectNothing(from: DocumentationRule(contracts: Set(contracts)))
  }

  @Test("Pages and comments name only files that are there")
  func references() throws {
    let records = repository.files(under: "Docs/Decisions")
    let rule = DeadReferenceRule { path in
      // A decision may go by its number: Docs/Decisions/0001.
      repository.contains(path) || records.contains { $0.hasPrefix(path + "-") }
    }
    for page in ["README.md"] + repository.files(under: "Docs")
      + repository.files(under: "fixtures")
    where page.hasSuffix(".md") {
      report(rule.findings(inPage: page, text: try repository.text(of: page)))
    }
    for file in try Repository.swiftFiles.get() where !file.path.hasPrefix("Tests/TidyTests/") {
      report(rule.findings(inCommentsOf: file))
    }
  }

  @Test(
    "The lists of what is promised name tests that are there",
    arguments: ["Docs/Checklist.md", "Docs/RaftClaims.md"])
  func namedTests(page: String) throws {
    let rule = NamedTestRule { try? repository.text(of: $0) }
    report(rule.findings(inPage: page, text: try repository.text(of: page)))
  }

  @Test("Every line of the checklist has a test")
  func checklist() throws {
    let rows = NamedTestRule { _ in nil }.rows(
      inPage: try repository.text(of: "Docs/Checklist.md"))
    let missing = Set(1...78).subtracting(rows.compactMap { Int($0.subject) })
    #expect(missing.isEmpty, "Docs/Checklist.md names no test for \(missing.sorted())")
  }

  @Test("Raft's quorum arithmetic knows nothing of the rest of raft")
  func quorums() throws {
    let declaration = /(?:struct|enum|class|protocol|typealias) (\w+)/
    let files = try Repository.swiftFiles.get().filter { $0.path.hasPrefix("Sources/AionRaft/") }
    let (quorums, rest) = (
      files.filter { $0.path.contains("/Quorum/") }, files.filter { !$0.path.contains("/Quorum/") }
    )
    let foreign = Set(
      rest.flatMap(\.code).flatMap { $0.matches(of: declaration).map { String($0.1) } })
    #expect(!quorums.isEmpty && foreign.contains("RaftCore"))
    for file in quorums {
      for (line, text) in file.code.enumerated() {
        for word in text.matches(of: /\w+/) where foreign.contains(String(word.0)) {
          report([file.finding(at: line, "\(word.0) is raft's; quorums count voters alone.")])
        }
      }
    }
  }

  @Test("Every fixture is used")
  func fixtures() throws {
    let rule = UnusedFixtureRule()
    report(
      rule.findings(
        fixtures: repository.files(under: "fixtures"),
        swiftFiles: try Repository.swiftFiles.get().filter {
          !$0.path.hasPrefix("Tests/TidyTests/Rule")
        })
    )
  }

  @Test("The top level holds what the house style lists, and nothing else")
  func topLevel() throws {
    let allowed: Set<String> = [
      "Docs", "Package.resolved", "Package.swift", "README.md", "Sources", "Tests", "fixtures",
      "tools",
    ]
    for name in try repository.topLevel where !allowed.contains(name) {
      Issue.record("\(name): the top level stays small; move it under one of \(allowed.sorted()).")
    }
  }

  private func expectNothing(from rule: some Rule) throws {
    let files = try Repository.swiftFiles.get()
    #expect(!files.isEmpty)
    for file in files { report(rule.findings(in: file)) }
  }

  private func report(_ findings: [Finding]) {
    for finding in findings {
      let place = SourceLocation(
        fileID: "Tidy/" + finding.path, filePath: finding.path, line: finding.line, column: 1)
      Issue.record("\(finding)", sourceLocation: place)
    }
  }
}
