import AionRaftExplorer
import Foundation
import Testing

@Suite("Random runs")
struct RandomRunTests {
  @Test("2,000 groups of 3, 5 and 7 live through 2,000 events each, and agree once healed")
  func groupsAgree() throws {
    let chosen = ProcessInfo.processInfo.environment["AION_SEED"].flatMap(UInt64.init)
    var total = RandomTotal()
    for seed in chosen.map({ $0...$0 }) ?? 1...2000 {
      var run = try RandomRun(RandomPlan(seed: seed))
      do {
        try run.run()
      } catch let violation {
        Issue.record(
          "seed \(seed): \(violation); repeat with tools/raft-explore randomly --seed \(seed)")
      }
      total.add(run.tally)
    }
    guard chosen == nil else { return }
    #expect(total.sum.crashes > 1000 && total.sum.changes > 1000 && total.sum.reads > 1000)
    #expect(total.slowest <= RandomRun.patience, "\(total.text)")
  }
}
