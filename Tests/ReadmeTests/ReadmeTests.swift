import AionCluster
import Foundation
import Testing

@Suite("The example in README.md")
struct ReadmeTests {
  private func text(of path: String) throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// The lines after the one that begins with `start`, up to the one that is `end`.
  private func lines(of path: String, after start: String, upTo end: String) throws -> [String] {
    let all = try text(of: path).split(separator: "\n", omittingEmptySubsequences: false)
    let first = try #require(all.firstIndex { $0.hasPrefix(start) })
    return all[(first + 1)...].prefix { $0 != end }.map(String.init)
  }

  @Test("It is the code that is compiled here")
  func sameWords() throws {
    let readme = try lines(of: "README.md", after: "import AionCluster", upTo: "```")
      .drop { $0.isEmpty }
    let source = try lines(
      of: "Tests/ReadmeTests/Example.swift", after: "func example(", upTo: "  return leader"
    ).map { String($0.dropFirst(2)) }
    #expect(Array(readme) == source)
  }

  @Test("It works, and what it did is there when the directory is opened again")
  func works() async throws {
    let directory = FileManager.default.temporaryDirectory
      .appending(path: "aion-readme-\(UUID().uuidString)").path(percentEncoded: false)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let leader = try await example(directory: directory)
    #expect(leader.node == "node-eu" && leader.role == .leader)

    let plane = try await DurableControlPlane.open(at: directory)
    #expect(try await plane.database(named: "SHOP")?.owner == "anna")
    #expect(try await plane.liveNodes().map(\.id) == ["node-ap", "node-eu", "node-us"])
    #expect(try await plane.leader(of: ShardID(0)) == leader)
    await plane.close()
  }
}
