import AionLog
import AionModel
import ArgumentParser

@main
struct AionLogTool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "aionlog",
    abstract: "Explain the files of a replica's data directory, without opening it for writing.",
    discussion: """
      Reads only, takes no lock, works beside a running node and in constant memory.

      Exit codes: 0 all is well; 1 the log ends in a batch that a crash left incomplete and that \
      the next start will drop; 2 damage, or a file that cannot be read; 64 usage.
      """,
    version: "aionlog \(Release.version), files of version \(FormatVersion.current)",
    subcommands: [Segments.self, Dump.self, Verify.self])
}

/// How a look at a directory ended, as the process tells it.
enum Verdict: String, Encodable {
  case clean, torn, damaged

  var exitCode: ExitCode {
    switch self {
    case .clean: ExitCode(0)
    case .torn: ExitCode(1)
    case .damaged: ExitCode(2)
    }
  }
}
