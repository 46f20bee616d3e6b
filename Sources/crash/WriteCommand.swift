import AionCluster
import ArgumentParser
import CrashRig
import Foundation

/// The process that is killed; `rounds` starts it.
struct WriteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "write",
    abstract: "Write from many tasks and report each acknowledged write on standard output.",
    shouldDisplay: false)

  @Option var directory: String
  @Option var tasks: Int

  func run() async throws {
    let child = CrashChild(directory: directory, tasks: tasks, configuration: .smallFiles)
    try await child.run(reportingTo: .standardOutput)
  }
}
