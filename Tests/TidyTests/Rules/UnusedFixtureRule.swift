/// Every fixture is read by a test or a program; one that nobody names is only weight.
struct UnusedFixtureRule: Sendable {
  /// A fixture is used when Swift code names it, or a folder that it lies in.
  func findings(fixtures: [String], swiftFiles: [SourceFile]) -> [Finding] {
    let texts = swiftFiles.map { $0.lines.joined(separator: "\n") }
    return fixtures.filter { !$0.hasSuffix("README.md") }.compactMap { fixture in
      let isUsed = names(of: fixture).contains { name in texts.contains { $0.contains(name) } }
      guard !isUsed else { return nil }
      return Finding(
        path: fixture, line: 1,
        advice: "no Swift file names it or its folder; use it in a test or delete it.")
    }
  }

  /// `fixtures/raft/election/split.txt` goes by its file name and by each of its folders.
  private func names(of fixture: String) -> [String] {
    let parts = fixture.split(separator: "/").map(String.init)
    let folders = (2..<max(2, parts.count)).map { parts.prefix($0).joined(separator: "/") }
    return folders + parts.suffix(1)
  }
}
