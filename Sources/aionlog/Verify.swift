import AionLog
import AionModel
import ArgumentParser

struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prove every byte of the log and of the snapshots.",
    discussion: """
      Exit code 0: clean; 1: the log ends in a batch that a crash left incomplete, which the next \
      start will drop; 2: damage, with the place; 64: usage.
      """)

  @Argument(help: "The data directory.")
  var directory: String

  @Flag(help: "One JSON object instead of text.")
  var json = false

  func run() throws {
    try reportingFaults {
      let data = try DataDirectory(path: directory)
      let report = try VerifyReport(of: data)
      var output = Output()
      if json {
        try output.json(report)
      } else {
        for line in report.lines { output.line(line) }
      }
      return report.verdict
    }
  }
}
