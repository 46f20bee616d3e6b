import AionRaftExplorer
import ArgumentParser

struct Randomly: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "randomly",
    abstract: "Run groups of 3, 5 and 7 replicas through random events, from seeds.",
    discussion: """
      Messages are lost, duplicated and reordered; replicas crash, are cut off, compacted, \
      added and removed. Then the group is healed and must agree within \
      \(RandomRun.patience) election timeouts.
      """)

  @Option(help: "The first seed.") var seed: UInt64 = 1
  @Option(help: "How many seeds.") var seeds: UInt64 = 1
  @Option(help: "Events of each run.") var steps = 2000
  @Option(help: "Voters at the start; drawn from the seed unless given.") var voters: Int?
  @Flag(help: "Print every event.") var trace = false

  func validate() throws {
    guard steps >= 0, (1...7).contains(voters ?? 3) else {
      throw ValidationError("--steps is not below 0, and --voters from 1 to 7.")
    }
  }

  func run() throws {
    let start = ContinuousClock.now
    var total = RandomTotal()
    for seed in seed..<seed + seeds {
      let plan = RandomPlan(seed: seed, voters: voters, steps: steps)
      var run = try RandomRun(plan, trace: trace ? { print($0) } : nil)
      do {
        try run.run()
      } catch let violation {
        print("seed \(seed): \(violation)")
        let voters = voters.map { " --voters \($0)" } ?? ""
        print("repeat: raft-explore randomly --seed \(seed) --steps \(steps)\(voters) --trace")
        throw ExitCode(1)
      }
      total.add(run.tally)
    }
    print("\(total.text) in \(start.duration(to: .now).seconds) s")
  }
}
