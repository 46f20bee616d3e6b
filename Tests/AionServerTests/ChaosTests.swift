import ClusterRig
import Foundation
import Testing

@Suite("Groups that suffer under load", .serialized, .timeLimit(.minutes(5)))
struct ChaosTests {
  @Test("64 clients, leader and followers killed, stopped and hung: nothing acknowledged is lost")
  func underLoad() async throws {
    let seed: UInt64 = 20_261_126
    try await ClusterRig.run(founders: 3) { rig in
      let chaos = Chaos(
        clients: 64, duration: .seconds(8), seed: seed, kinds: [.kill, .stop, .hang])
      let report = try await chaos.run(on: rig)
      #expect(
        report.trial.violation == nil,
        """
        repeat with tools/chaos --minutes 0.2 --seed \(seed) --faults kill,stop,hang
        \(report.trial.violation ?? "")
        """)
      #expect(report.faults.count > 0)
      #expect(report.trial.writes > 0)
      #expect(report.trial.unknown == 0, "unanswered: \(report.trial.complaints)")
    }
  }

  @Test("tools/chaos prints figures for machines")
  func figures() throws {
    let ended = try Ended(
      "chaos",
      [
        "--minutes", "0.001", "--seed", "1", "--clients", "4", "--heartbeat", "50", "--faults",
        "clock", "--json",
      ])
    #expect(ended.status == 0, "\(ended.errors)")
    let figures = try JSONDecoder().decode(Figures.self, from: Data(ended.output.utf8))
    #expect(figures.seed == 1 && figures.lost == 0)
    #expect(figures.faults.map(\.kind) == ["clock"])
    #expect(figures.acknowledgedWrites > 0 && figures.outages.longestMilliseconds > 0)
  }

  private struct Figures: Decodable {
    struct Fault: Decodable {
      var kind: String
    }
    struct Outages: Decodable {
      var longestMilliseconds: Double
    }
    var seed: UInt64
    var faults: [Fault]
    var outages: Outages
    var acknowledgedWrites: Int
    var lost: Int
  }

  @Test("tools/chaos refuses faults that it does not know, or that a group is too small for")
  func refused() throws {
    let unknown = try Ended("chaos", ["--faults", "kill,flood"])
    #expect(unknown.status == 64)
    #expect(unknown.errors.contains("'flood' is none of kill, stop"))
    let lonely = try Ended("chaos", ["--faults", "partition", "--nodes", "1"])
    #expect(lonely.status == 64)
    #expect(lonely.errors.contains("not with --nodes 1"))
  }
}
