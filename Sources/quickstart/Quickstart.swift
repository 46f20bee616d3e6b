import ArgumentParser

/// The main job, shown: a real catalog goes in, the process is killed while it writes, and nothing
/// that was acknowledged is lost.
@main
struct Quickstart: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quickstart",
    abstract: "See a durable control plane take a real catalog and survive kill -9.",
    subcommands: [ShowCommand.self, WriteUntilKilledCommand.self],
    defaultSubcommand: ShowCommand.self)
}
