import AionModel
import AionSimulation
import Testing

@Suite("Runs from seeds")
struct SeedTests {
  private func command(_ seed: UInt64) -> Comment {
    "repeat: tools/aionsim run --seed \(seed) --lite"
  }

  private func run(_ seed: UInt64) -> RunReport {
    BuiltInWorkload(for: seed).run(Scenario(seed: seed, isLite: true))
  }

  @Test("Whole worlds keep every promise, from seed to seed", arguments: 0..<60)
  func keepsPromises(part: UInt64) {
    for seed in (part * 5 + 1)...(part * 5 + 5) {
      let report = BuiltInWorkload(for: seed).run(Scenario(seed: seed))
      #expect(report.violation == nil, "repeat: tools/aionsim run --seed \(seed)")
    }
  }

  @Test("Small worlds keep every promise, too", arguments: 0..<10)
  func smallWorlds(part: UInt64) {
    for seed in (part * 10 + 1)...(part * 10 + 10) {
      let report = run(seed)
      #expect(report.violation == nil, command(seed))
    }
  }

  @Test("The same seed gives the same run, line for line", arguments: [1, 2, 3] as [UInt64])
  func sameSeed(seed: UInt64) {
    func lines() -> ([String], RunReport) {
      let listener = Listener()
      let scenario = Scenario(seed: seed, isLite: true)
      let report = World<CatalogWorkload>(scenario) { listener.lines.append($0) }.run()
      return (listener.lines, report)
    }
    let (first, firstReport) = lines()
    let (second, secondReport) = lines()
    #expect(first == second)
    #expect(firstReport == secondReport)
    #expect(first.count > 300)
  }

  @Test("Another seed gives another run")
  func otherSeed() {
    let reports = (1...8).map { run($0) }
    #expect(Set(reports.map(\.fingerprint)).count == reports.count)
  }

  private final class Listener {
    var lines: [String] = []
  }
}
