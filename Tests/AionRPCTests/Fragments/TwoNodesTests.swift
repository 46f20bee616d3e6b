import ClusterRig
import Foundation
import Testing

@Suite("The example of two nodes", .timeLimit(.minutes(2)))
struct TwoNodesTests {
  @Test("Real processes execute, refuse, cancel and lose fragments as it says")
  func story() async throws {
    let program = try #require(ProgramPath.find("two-nodes"), "two-nodes is not built")
    let run = try await Program.run(URL(filePath: program), ["--orders", "1000"], nil)
    #expect(run.exitCode == 0, "\(run.errors)\(run.output)")
    for words in [
      "node-a registered at", "1000 orders of", "what it names has moved since",
      "its time was over",
      "cancelled by its name", "node node-a is down", "Done.",
    ] {
      #expect(run.output.contains(words), "\(words) is missing in:\n\(run.output)\(run.errors)")
    }
  }
}
