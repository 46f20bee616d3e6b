import ArgumentParser

@main
struct RaftExplore: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "raft-explore",
    abstract:
      "Try everything that can happen to a raft group, and hold it against Raft's promises.",
    discussion: """
      Exit code 0: nothing was violated; 1: something was, and the way there is printed as a \
      transcript; 64: usage.
      """,
    subcommands: [Exhaustively.self, Randomly.self],
    defaultSubcommand: Exhaustively.self)
}
