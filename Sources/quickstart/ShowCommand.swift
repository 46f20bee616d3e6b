import AionCluster
import ArgumentParser
import Foundation

/// Runs the steps one after the other.
struct ShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Import, crash, prove, inspect (the default).")

  @Option(help: "The capture of a PostgreSQL cluster to import.")
  var capture = "fixtures/postgres"

  @Option(help: "The data directory; made anew by every run.")
  var directory = ".build/quickstart/data"

  @Option(help: "Tasks that write at the same time.")
  var tasks = 64

  @Option(help: "Chooses when the writing process is killed; drawn when left out.")
  var seed: UInt64?

  @Flag(help: "Print one JSON object on standard output.")
  var json = false

  func validate() throws {
    guard (1...10_000).contains(tasks) else {
      throw ValidationError("--tasks must be from 1 to 10,000")
    }
  }

  func run() async throws {
    let narrator = Narrator(json: json)
    let story = Story(
      narrator: narrator, directory: directory, tasks: tasks, seed: seed ?? .random(in: 1...999_999)
    )
    try story.prepareDirectory()
    var report = Report(seed: story.seed, directory: directory)
    report.imported = try await story.importCapture(at: capture)
    report.crash = try await story.killWhileWriting()
    report.files = try story.measureFiles()
    report.inspector = try story.inspect()
    if json { try report.print() }
    guard report.inspector?.verifyExitCode == 0 else { throw StoryError.inspectorComplains }
    narrator.title("Done.")
    narrator.note("The data directory is \(directory); look around with tools/aionlog.")
  }
}
