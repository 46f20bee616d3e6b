package import AionHistory
import AionModel

/// Clients work while something happens to the group; then all that they were told is judged.
package struct Trial: Sendable {
  /// What came of it.
  package struct Report: Sendable {
    package var operations = 0
    /// Writes that were acknowledged, and reads that were answered.
    package var writes = 0
    package var reads = 0
    /// Operations of which nobody knows what became of them.
    package var unknown = 0
    /// What their clients were told instead, and how often.
    package var complaints: [String: Int] = [:]
    /// The times without an acknowledged write, longest first.
    package var silences: [Duration] = []
    /// nil: every answer is explained by one order of all operations.
    package var violation: String?
    package var events: [HistoryEvent] = []

    /// Times without an acknowledged write that were longer than they are while nothing happens.
    package func outages(above limit: Duration) -> [Duration] {
      Array(silences.prefix { $0 > limit })
    }
  }

  package var clients: Int
  package var seed: UInt64

  package init(clients: Int, seed: UInt64) {
    self.clients = clients
    self.seed = seed
  }

  /// - Parameter events: What happens; the clients stop once it returns.
  package func run(
    on rig: ClusterRig, while events: (Recorder) async throws -> Void
  ) async throws -> Report {
    _ = try await rig.leader()
    let recorder = Recorder()
    let workload = Workload(clients: clients, seed: seed)
    let group = rig.client
    let work = Task { await workload.run(against: group, into: recorder) }
    do { try await events(recorder) } catch {
      work.cancel()
      throw error
    }
    recorder.close()
    await work.value
    return try judge(recorder)
  }

  private func judge(_ recorder: Recorder) throws(RigFailure) -> Report {
    var report = Report()
    report.events = recorder.events
    report.silences = recorder.silences
    report.complaints = recorder.complaints
    var history = History()
    var order = VersionOrder()
    for event in report.events {
      do throws(HistoryFault) { try history.record(event) } catch {
        throw .system("the history is none: \(error)")
      }
      if let violation = order.record(event) {
        report.violation = report.violation ?? "\(violation)"
      }
      report.count(event)
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
}

extension Trial.Report {
  fileprivate mutating func count(_ event: HistoryEvent) {
    switch event.step {
    case .invoke: operations += 1
    case .ok: if event.operation == "write" { writes += 1 } else { reads += 1 }
    case .fail: break
    case .info: unknown += 1
    }
  }
}
