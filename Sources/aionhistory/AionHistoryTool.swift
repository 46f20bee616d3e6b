import ArgumentParser

@main
struct AionHistoryTool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "aionhistory",
    abstract: "Judge the histories that clients recorded (Docs/History.md).",
    discussion: """
      Exit codes: 0 linearizable; 1 violated; 2 undecided at a limit, or a file that cannot be \
      read; 64 usage.
      """,
    subcommands: [Check.self])
}
