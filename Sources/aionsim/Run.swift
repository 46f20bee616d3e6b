import AionSimulation
import ArgumentParser

struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run one world from its seed to its end.")

  @Option(help: "What everything is drawn from.") var seed: UInt64
  @OptionGroup var options: ScenarioOptions
  @Flag(help: "Print a line for every event.") var verbose = false
  @Flag(help: "Print the summary as JSON.") var json = false

  func run() throws {
    Repetition.announce(options.command(seed))
    let listener: ((String) -> Void)? = verbose ? { print($0) } : nil
    let report = options.load(seed).run(options.scenario(seed), listener: listener)
    let summary = RunSummary(report, options.load(seed), command: options.command(seed))
    print(json ? try summary.json : summary.text)
    if !report.hasPassed { throw ExitCode(1) }
  }
}
