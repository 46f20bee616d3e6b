import AionCluster
import AionModel
import ArgumentParser
import CrashRig
import Foundation

struct RoundsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rounds",
    abstract: "Run rounds on one data directory (the default).",
    discussion: """
      Exit codes: 0 every promise was held, 1 one was broken (the seed and the command that \
      repeats the run are printed), 64 usage. When the process is killed depends on the \
      machine too, so a seed repeats the plan of a run and not its every interleaving.
      """)

  @Option(help: "How often to kill.")
  var rounds = 20

  @Option(help: "Tasks that write at the same time.")
  var tasks = 64

  @Option(help: "Chooses when to kill; drawn when left out.")
  var seed: UInt64?

  @Option(help: "The data directory; must not exist. Default: a temporary one, removed at the end.")
  var directory: String?

  @Flag(help: "Print one JSON object a round.")
  var json = false

  func validate() throws {
    guard rounds > 0 else { throw ValidationError("--rounds must be positive") }
    guard (1...10_000).contains(tasks) else {
      throw ValidationError("--tasks must be from 1 to 10,000")
    }
  }

  func run() async throws {
    let seed = seed ?? .random(in: 1...999_999)
    let path = directory ?? temporaryDirectory()
    guard !FileManager.default.fileExists(atPath: path) else {
      throw ValidationError("\(path) exists; name a directory that does not")
    }
    defer { if directory == nil { try? FileManager.default.removeItem(atPath: path) } }
    do {
      try await run(on: path, seed: seed)
    } catch let failure as CrashFailure {
      FileHandle.standardError.write(
        Data(
          """
          BROKEN: \(failure)
          seed \(seed); the files are in \(path)
          repeat with: tools/crash --rounds \(rounds) --tasks \(tasks) --seed \(seed)

          """.utf8))
      // The evidence stays, so no `defer` may run.
      Foundation.exit(1)
    }
  }

  private func run(on path: String, seed: UInt64) async throws {
    var chance = SplitMix64(seed: seed)
    var ledger = Ledger()
    var total = 0
    if !json { print("seed \(seed), \(rounds) rounds of \(tasks) tasks") }
    for number in 1...rounds {
      let round = CrashRound(
        executable: Bundle.main.executablePath ?? CommandLine.arguments[0],
        childArguments: ["write", "--directory", path, "--tasks", String(tasks)],
        directory: path, tasks: tasks, killAfter: Int.random(in: 1...8_000, using: &chance))
      let outcome = try await round.run(ledger: &ledger)
      total += outcome.acknowledged
      try report(outcome, of: number)
    }
    if !json { print("PASSED: \(total) acknowledged writes, 0 lost, seed \(seed)") }
  }

  private func report(_ outcome: CrashRound.Outcome, of number: Int) throws {
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      print(String(decoding: try encoder.encode(outcome), as: UTF8.self))
      return
    }
    print(
      "round \(number): \(outcome.acknowledged) acknowledged, all found; "
        + "\(outcome.unacknowledgedFound) more had reached the disk; version "
        + "\(outcome.recoveredVersion)" + (outcome.tornTailDropped ? "; torn tail dropped" : ""))
  }

  private func temporaryDirectory() -> String {
    FileManager.default.temporaryDirectory.appendingPathComponent("aion-crash-\(UUID())").path
  }
}

extension DurableConfiguration {
  /// Files so small that rounds cross rotations, snapshots and deletions too.
  static var smallFiles: DurableConfiguration {
    DurableConfiguration(
      snapshotAfter: .mebibytes(1), keptEntries: 200, segmentSize: .kibibytes(512),
      preallocation: .kibibytes(128))
  }
}
