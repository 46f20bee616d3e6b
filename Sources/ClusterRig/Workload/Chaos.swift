package import AionHistory
import AionModel
import AionServer

/// Faults, one after the other from a seed, while clients work; then the judgement.
package struct Chaos: Sendable {
  /// What came of a run.
  package struct Report: Sendable {
    package var operations = 0
    package var writes = 0
    package var unknown = 0
    package var faults: [String] = []
    /// The longest times without an acknowledged write, longest first.
    package var silences: [Duration] = []
    /// nil: every answer is explained by one order of all operations.
    package var violation: String?
    package var events: [HistoryEvent] = []
  }

  package var clients: Int
  package var duration: Duration
  package var seed: UInt64

  package init(clients: Int, duration: Duration, seed: UInt64) {
    self.clients = clients
    self.duration = duration
    self.seed = seed
  }

  /// - Throws: `RigFailure` when the group does not come to itself again.
  package func run(on rig: ClusterRig) async throws(RigFailure) -> Report {
    _ = try await rig.leader()
    let recorder = Recorder()
    let workload = Workload(clients: clients, seed: seed)
    let group = rig.client
    let end = ContinuousClock.now + duration
    let work = Task { await workload.run(for: duration, against: group, into: recorder) }
    var faults: [String] = []
    do throws(RigFailure) {
      var chance = SplitMix64(seed: seed)
      while ContinuousClock.now < end {
        faults.append(try await fault(on: rig, &chance))
      }
    } catch {
      work.cancel()
      throw error
    }
    await work.value
    return try judge(recorder, faults)
  }

  /// One fault, and its end.
  private func fault(
    on rig: ClusterRig, _ chance: inout SplitMix64
  ) async throws(RigFailure) -> String {
    let leader = try await rig.leader()
    let followers = rig.running.filter { $0 != leader }
    let victim =
      Bool.random(using: &chance) ? leader : followers.randomElement(using: &chance) ?? leader
    let role = victim == leader ? "leader" : "follower"
    let pause = Duration.milliseconds(Int.random(in: 300...1_500, using: &chance))
    let kind = Int.random(in: 0..<4, using: &chance)
    switch kind {
    case 0, 1:
      try rig.kill(victim)
      try? await Task.sleep(for: pause)
      try rig.start(victim)
    case 2:
      try rig.stop(victim)
      try? await Task.sleep(for: pause)
      try rig.start(victim)
    default:
      try rig.pause(victim)
      try? await Task.sleep(for: pause)
      try rig.resume(victim)
    }
    let count = rig.numbers.count
    try await rig.wait("all \(count) are ready") { pages in
      pages.count == count && pages.values.allSatisfy(\.isReady)
    }
    return ["killed", "killed", "stopped", "hung"][kind] + " \(role) n\(victim)"
  }

  private func judge(
    _ recorder: Recorder, _ faults: [String]
  ) throws(RigFailure) -> Report {
    var report = Report()
    report.events = recorder.events
    report.faults = faults
    report.silences = recorder.silences
    var history = History()
    var order = VersionOrder()
    for event in report.events {
      do throws(HistoryFault) { try history.record(event) } catch {
        throw .system("the history is none: \(error)")
      }
      if let violation = order.record(event) {
        report.violation = report.violation ?? "\(violation)"
      }
      count(event, in: &report)
    }
    do throws(HistoryFault) {
      let verdict = try LinearizabilityChecker().check(history)
      if let first = verdict.violations.first { report.violation = first.explanation }
      if let open = verdict.undecided.first { report.violation = report.violation ?? "\(open)" }
    } catch {
      throw .system("the history cannot be judged: \(error)")
    }
    return report
  }

  private func count(_ event: HistoryEvent, in report: inout Report) {
    switch event.step {
    case .invoke: report.operations += 1
    case .ok: if event.operation == "write" { report.writes += 1 }
    case .fail: break
    case .info: report.unknown += 1
    }
  }
}
