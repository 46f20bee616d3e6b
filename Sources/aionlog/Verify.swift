import AionLog
import AionModel
import ArgumentParser
import Foundation

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
      var report = try VerifyReport(of: data)
      if report.verdict != .clean {
        // Beside a running node a batch may be half written, or a file removed, just now. What is
        // so again after a while is so.
        Thread.sleep(forTimeInterval: 0.25)
        report = try VerifyReport(of: data)
      }
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
