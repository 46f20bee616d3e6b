import AionModel
import AionServer
import ClusterRig
import Testing

@Suite("Networks that part processes", .serialized, .timeLimit(.minutes(5)))
struct PartitionTests {
  @Test("A leader that is cut off lays down its office; it disturbs nobody when it is back")
  func leaderCutOff() async throws {
    try await ClusterRig.run(founders: 3, hostility: .network) { rig in
      try await Trial.check(on: rig) { recorder in
        let old = try await rig.leader()
        try rig.isolate(old)
        try await replaced(old, in: rig, recorder)
        try await healed(rig, recorder)
      }
    }
  }

  @Test("So does one over TLS")
  func leaderCutOffSecurely() async throws {
    try await ClusterRig.runSecurely(founders: 3, hostility: .network) { rig, _ in
      try await Trial.check(on: rig) { recorder in
        let old = try await rig.leader()
        try rig.isolate(old)
        try await replaced(old, in: rig, recorder)
        try await healed(rig, recorder)
      }
    }
  }

  @Test(
    "A leader is replaced that nobody hears, or that hears nobody",
    arguments: [LinkWays.outgoing, .incoming])
  func leaderOneWay(ways: LinkWays) async throws {
    try await ClusterRig.run(founders: 3, hostility: .network) { rig in
      try await Trial.check(on: rig) { recorder in
        let old = try await rig.leader()
        try rig.isolate(old, ways)
        try await replaced(old, in: rig, recorder)
        try await healed(rig, recorder)
      }
    }
  }

  @Test("A follower that is cut off, one way or both, changes neither leader nor term")
  func followerCutOff() async throws {
    try await ClusterRig.run(founders: 3, hostility: .network) { rig in
      try await Trial.check(on: rig) { recorder in
        let leader = try await rig.leader()
        let follower = try #require(rig.numbers.first { $0 != leader })
        let term = try #require(await rig.status(of: leader)).term
        for ways in LinkWays.allCases {
          try rig.isolate(follower, ways)
          try await lags(follower, behind: leader, in: rig)
          try await healed(rig, recorder)
        }
        let page = try #require(await rig.status(of: leader))
        #expect(page.role == "leader" && page.term == term)
      }
    }
  }

  @Test("A leader and a follower that reach each other only by way of a third: the leader stays")
  func brokenLink() async throws {
    try await ClusterRig.run(founders: 3, hostility: .network) { rig in
      try await Trial.check(on: rig) { recorder in
        let leader = try await rig.leader()
        let follower = try #require(rig.numbers.first { $0 != leader })
        let term = try #require(await rig.status(of: leader)).term
        for rule in [LinkRule.hold, .reset] {
          try rig.set(rule, from: .node(leader), to: .node(follower))
          try rig.set(rule, from: .node(follower), to: .node(leader))
          try await rig.wait("n\(follower) knows no leader") { $0[follower]?.leader == nil }
          try await lags(follower, behind: leader, in: rig)
          try await healed(rig, recorder)
        }
        let page = try #require(await rig.status(of: leader))
        #expect(page.role == "leader" && page.term == term)
      }
    }
  }

  /// Another one leads, the old one knows, and clients write.
  private func replaced(_ old: Int, in rig: ClusterRig, _ recorder: Recorder) async throws {
    _ = try await rig.leader(otherThan: old)
    try await rig.wait("n\(old) does not lead any more") { $0[old]?.role != "leader" }
    try await recorder.wait(forWrites: 100)
  }

  private func lags(_ follower: Int, behind leader: Int, in rig: ClusterRig) async throws {
    try await rig.wait("n\(follower) lags") { pages in
      let member = pages[leader]?.members.first { $0.name == "n\(follower)" }
      return member?.lag ?? 0 > 50
    }
  }

  /// Everyone is one group again, without another election, and clients write.
  private func healed(_ rig: ClusterRig, _ recorder: Recorder) async throws {
    let leader = try await rig.leader()
    let term = try #require(await rig.status(of: leader)).term
    try rig.heal()
    let pages = try await rig.wait("all follow n\(leader)") { pages in
      pages.count == 3 && pages.values.allSatisfy(\.isReady)
        && Set(pages.values.map(\.leader)).count == 1
        && pages.values.flatMap(\.members).allSatisfy { $0.lag ?? 0 < 50 }
    }
    #expect(pages[leader]?.role == "leader" && pages[leader]?.term == term)
    try await recorder.wait(forWrites: 100)
  }
}
