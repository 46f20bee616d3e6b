import AionRaft
import AionRaftExplorer
import AionRaftTranscript
import Testing

@Suite("A way that the explorer found, as a transcript")
struct ReplayTests {
  @Test(
    "It leads replicas to the same state, crashes, duplicates and reads included"
  )
  func transcriptsReplay() throws {
    var bounds = Bounds()
    bounds.limits[.duplicate] = 1
    bounds.limits[.drop] = 1
    bounds.limits[.read] = 1
    var explorer = try Explorer(bounds)
    var conditions = StopConditions()
    conditions.states = 60_000
    let report = explorer.run(until: conditions)
    for state in stride(from: 1, to: report.states, by: 997) {
      let (text, replicas) = try explorer.replay(toState: state)
      let looking = "raft-state\n----\n\n" + replicas.map { "raft-log \($0.id)\n----\n\n" }.joined()
      let run = try Transcript(parsing: text + looking).run()
      let printed = run.blocks.suffix(replicas.count + 1).map { $0.printed }
      let states = replicas.filter { !$0.isDown }.map { $0.core.status.stateText }.joined()
      #expect(printed[0].joined(separator: "\n") + "\n" == states, "state \(state)\n\(text)")
      for (lines, replica) in zip(printed.dropFirst(), replicas)
      where !replica.disk.entries.isEmpty {
        #expect(lines.count == replica.disk.entries.count, "state \(state)\n\(text)")
      }
    }
  }
}
