import ArgumentParser

@main
struct AionSim: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "aionsim",
    abstract: "Run whole clusters in a hostile world, each from one seed, and check every promise.",
    discussion: """
      Exit code 0: every promise was kept; 1: one was broken, and the command that repeats it is \
      printed; 64: usage. The same seed gives the same bytes on standard output.
      """,
    subcommands: [Run.self, Sweep.self, Shrink.self],
    defaultSubcommand: Run.self)
}
