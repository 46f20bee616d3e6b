import AionServer
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

  @Test("1 → 3 → 5 → 3 processes while 16 clients write and read: nothing is lost, no read stale")
  func growth() async throws {
    let seed: UInt64 = 20_261_126
    try await ClusterRig.run(founders: 1) { rig in
      let report = try await Trial.check(on: rig, clients: 16, seed: seed) { recorder in
        #expect(try await voters(of: rig) == 1)
        try await recorder.wait(forWrites: 20)
        var strike = Strike(at: rig, watching: recorder, seed: seed)
        #expect(try await strike.grow(to: 3) == "grew from 1 to 3")
        #expect(try await voters(of: rig) == 3)
        #expect(try await strike.carryOut(.growth) == "grew from 3 to 5, and back")
        #expect(try await voters(of: rig) == 3)
      }
      #expect(report.reads > 0)
    }
  }

  private func voters(of rig: ClusterRig) async throws -> Int {
    let leader = try await rig.leader()
    return try #require(await rig.status(of: leader)).members.count { $0.isVoter }
  }

  @Test("A process that founded its group alone and lost its directory joins none and founds none")
  func loneFounder() async throws {
    let seed: UInt64 = 20_261_126
    try await ClusterRig.run(founders: 1) { rig in
      try await Trial.check(on: rig, seed: seed) { recorder in
        var strike = Strike(at: rig, watching: recorder, seed: seed)
        _ = try await strike.grow(to: 3)
        let text = try await strike.carryOut(.wipe, on: .leader)
        #expect(text == "wiped leader n1, which was refused, and replaced it by n4")
      }
    }
  }

  @Test(
    "tools/chaos prints figures for machines, also of a group that grew before",
    arguments: [(founders: "2", faults: ["clock"]), ("1", ["growth", "clock"])])
  func figures(founders: String, faults: [String]) throws {
    let ended = try Ended(
      "chaos",
      [
        "--minutes", "0.001", "--seed", "1", "--nodes", "2", "--founders", founders, "--clients",
        "4", "--heartbeat", "50", "--faults", "clock", "--json",
      ])
    #expect(ended.status == 0, "\(ended.errors)")
    let figures = try JSONDecoder().decode(Figures.self, from: Data(ended.output.utf8))
    #expect(figures.seed == 1 && figures.lost == 0)
    #expect(figures.faults.map(\.kind) == faults)
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
    let crowded = try Ended("chaos", ["--founders", "4"])
    #expect(crowded.status == 64)
    #expect(crowded.errors.contains("1 to --nodes, which is 3"))
  }
}
