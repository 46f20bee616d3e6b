import ArgumentParser
import ClusterRig
import Foundation

/// A database of two nodes, the smallest there is: what an engine writes to have its queries
/// executed where the data is (Docs/Executing.md).
@main
struct TwoNodes: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "two-nodes",
    abstract: "See fragments of a query executed on two nodes, refused, cancelled and lost.",
    discussion: """
      Starts one aiond and two nodes, each a process of its own, on loopback; what they wrote is \
      removed at the end. Ends with 1 when anything is not as it should be.
      """,
    subcommands: [ShowCommand.self, NodeCommand.self], defaultSubcommand: ShowCommand.self)
}

struct ShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Run the whole story (the default).")

  @Option(help: "Orders that are spread over the nodes.")
  var orders = 10_000

  func validate() throws {
    guard (1...1_000_000).contains(orders) else {
      throw ValidationError("--orders: 1 to 1,000,000")
    }
  }

  func run() async throws {
    guard let aiond = ProgramPath.find("aiond"), let program = ProgramPath.find("two-nodes") else {
      throw ValidationError("aiond is not built beside this program; use tools/two-nodes")
    }
    let process = ProcessInfo.processInfo.processIdentifier
    let folder = "\(FileManager.default.temporaryDirectory.path)/aion-two-nodes-\(process)"
    do {
      let rig = try ClusterRig(program: aiond, folder: folder, founders: 1)
      RigInterruption.close(rig)
      defer { rig.close() }
      try await Story(rig: rig, program: program, count: orders).tell()
    } catch let failure as StoryFailure {
      FileHandle.standardError.write(Data("two-nodes: \(failure)\n".utf8))
      throw ExitCode.failure
    }
  }
}

/// What did not come out as it should.
struct StoryFailure: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) { self.description = description }
}
