import ArgumentParser

/// Kills a writing process over and over, and holds what it left against what it acknowledged.
@main
struct Crash: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "crash",
    abstract: "Kill a writing process with SIGKILL, reopen, and look for broken promises.",
    subcommands: [RoundsCommand.self, WriteCommand.self],
    defaultSubcommand: RoundsCommand.self)
}
