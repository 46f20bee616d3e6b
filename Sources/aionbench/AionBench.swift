import ArgumentParser

/// Measures; asserts nothing. Figures of one run are comparable with each other only.
@main
struct AionBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "aionbench",
    abstract: "Measure aion-cluster on this machine.",
    discussion: """
      Every comparison is made inside one run: the sides take turns for several rounds and the \
      median of the rounds is shown, with the lowest and highest beside it.
      """,
    subcommands: [
      AgentsBenchmark.self, ClusterBenchmark.self, CommitBenchmark.self, PlacementBenchmark.self,
      RaftBenchmark.self, RecoverBenchmark.self,
    ])
}
