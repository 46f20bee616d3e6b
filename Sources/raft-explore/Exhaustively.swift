import AionRaft
import AionRaftExplorer
import AionRaftTranscript
import ArgumentParser
import Foundation

struct Exhaustively: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exhaustively",
    abstract: "Visit every state within bounds, breadth first.",
    discussion: """
      Replicas crash between two steps, and before and after every sync; they start again at \
      any time later, with what was synced, or never. Messages are delivered in any order, or \
      never. A read that is answered must see whatever was committed before it was asked for. \
      Nodes that play the same part are folded. The same bounds give the same counts every time.
      """)

  @OptionGroup(title: "The group") var group: GroupOptions
  @OptionGroup(title: "How often things happen, at the most") var limits: LimitOptions
  @OptionGroup(title: "When to stop") var stops: StopOptions

  @Flag(help: "Print the summary as JSON on standard output.")
  var json = false

  @Flag(help: "Count symmetric states one by one.")
  var unfolded = false

  @Option(help: "Write a counterexample to this file, too.")
  var transcript: String?

  func validate() throws {
    if let complaint = try bounds().complaint { throw ValidationError(complaint) }
  }

  private func bounds() throws -> Bounds {
    var bounds = Bounds()
    try group.set(&bounds)
    limits.set(&bounds)
    return bounds
  }

  func run() throws {
    let start = ContinuousClock.now
    var explorer = try Explorer(bounds(), foldsSymmetricNodes: !unfolded)
    var progress = ProgressLine(start)
    let report = explorer.run(until: stops.conditions) { report in
      progress.show(report)
      return stops.seconds.map { start.duration(to: .now) < .seconds($0) } ?? true
    }
    let summary = Summary(report, start.duration(to: .now))
    print(json ? try summary.json : summary.text)
    if case .violated(let counterexample) = report.outcome {
      try show(counterexample)
      throw ExitCode(1)
    }
  }

  private func show(_ counterexample: Counterexample) throws {
    let text = try Transcript(parsing: counterexample.transcript).run().rewritten.text
    if let transcript { try text.write(toFile: transcript, atomically: true, encoding: .utf8) }
    if !json { print("\n" + text) }
  }
}
