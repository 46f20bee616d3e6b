import AionModel
import AionRaft
import AionRaftExplorer
import Testing

@Suite("The explorer")
struct ExplorerTests {
  private func explore(_ states: Int, _ change: (inout Bounds) -> Void) throws -> Report {
    var bounds = Bounds()
    change(&bounds)
    var explorer = try Explorer(bounds)
    var conditions = StopConditions()
    conditions.states = states
    let report = explorer.run(until: conditions)
    if case .violated(let counterexample) = report.outcome {
      Issue.record("\(counterexample.violation)\n\(counterexample.transcript)")
    }
    return report
  }

  @Test("Three voters, three terms, a crash at any point: nothing is violated in 200,000 states")
  func threeVoters() throws {
    let report = try explore(200_000) { bounds in
      bounds.limits[.proposal] = 2
      bounds.limits[.drop] = 1
      bounds.limits[.duplicate] = 1
    }
    #expect(report.states >= 200_000)
    #expect(report.depth >= 7)
  }

  @Test("Two voters through two terms and a crash: every state is visited")
  func twoVotersExhausted() throws {
    let report = try explore(1_000_000) { bounds in
      bounds.nodes = 2
      bounds.voters = 2
      bounds.terms = 2
      bounds.limits[.timeout] = 2
    }
    guard case .exhausted = report.outcome else {
      Issue.record("stopped after \(report.states) states")
      return
    }
    #expect(report.waiting == 0)
  }

  @Test("Reads asked of anyone, across a change of leader and a crash: none is stale")
  func reads() throws {
    _ = try explore(60_000) { bounds in
      bounds.terms = 2
      bounds.limits[.timeout] = 2
      bounds.limits[.read] = 1
    }
    let report = try explore(1_000_000) { bounds in
      bounds.nodes = 2
      bounds.voters = 2
      bounds.terms = 2
      bounds.limits[.proposal] = 0
      bounds.limits[.timeout] = 2
      bounds.limits[.read] = 2
      bounds.limits[.crash] = 0
    }
    guard case .exhausted = report.outcome else {
      Issue.record("stopped after \(report.states) states")
      return
    }
  }

  @Test("A replica that has crashed does nothing until it is restarted")
  func downIsDown() throws {
    var bounds = Bounds()
    bounds.nodes = 2
    bounds.voters = 2
    bounds.terms = 1
    bounds.limits[.timeout] = 1
    var explorer = try Explorer(bounds)
    let report = explorer.run()
    var down = 0
    for state in 1..<report.states {
      let (text, replicas) = try explorer.replay(toState: state)
      let isDown = replicas.contains(where: \.isDown)
      let crashes = text.contains("crash "), restarts = text.contains("restart ")
      #expect(isDown == (crashes && !restarts), "state \(state)\n\(text)")
      if isDown { down += 1 }
    }
    #expect(down > 0 && down < report.states)
  }

  @Test("A joint change, PreVote with CheckQuorum, transfers, snapshots: nothing is violated")
  func otherFeatures() throws {
    _ = try explore(40_000) { bounds in
      bounds.voters = 2
      bounds.terms = 2
      bounds.changes = [
        ConfigurationChange(transition: .implicit, steps: [.remove(1), .addVoter(3)])
      ]
      bounds.limits[.change] = 1
    }
    // What is committed goes with votes (Docs/Decisions/0008).
    _ = try explore(40_000) { bounds in
      bounds.nodes = 2
      bounds.voters = 2
      bounds.changes = [ConfigurationChange(steps: [.remove(1)])]
      bounds.limits[.change] = 1
    }
    _ = try explore(40_000) { bounds in
      bounds.preVote = true
      bounds.checkQuorum = true
      bounds.limits[.tick] = 2
    }
    _ = try explore(40_000) { bounds in
      bounds.limits[.transfer] = 1
      bounds.limits[.compaction] = 1
    }
  }

  @Test("The same bounds give the same counts, and nodes that play the same part are folded")
  func countsAreRepeatable() throws {
    var bounds = Bounds()
    bounds.nodes = 2
    bounds.voters = 2
    bounds.terms = 2
    bounds.limits[.timeout] = 2
    var first = try Explorer(bounds)
    var second = try Explorer(bounds)
    var unfolded = try Explorer(bounds, foldsSymmetricNodes: false)
    let (one, other, all) = (first.run(), second.run(), unfolded.run())
    #expect(one.states == other.states)
    #expect(one.transitions == other.transitions)
    #expect(one.depth == all.depth)
    #expect(one.states < all.states && all.states <= 2 * one.states)
  }
}
