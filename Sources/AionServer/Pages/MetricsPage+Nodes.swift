import AionModel
import AionPlacement
import AionRPC

// Nodes that have agents, and the maintenance of shards. What a leader knows the leader shows.

extension MetricsPage {
  mutating func addNodes(_ meters: NodeMeters, _ table: LivenessTable?) {
    let prefix = "aion_nodes_"
    page.single(
      prefix + "watched", .gauge, "Nodes whose agents this leader hears.", table?.count ?? 0)
    let counters = [
      ("heartbeats", "Heartbeats of agents that this process heard.", meters.heartbeats),
      (
        "hopeless_heartbeats", "Heartbeats of nodes held down, superseded or removed.",
        meters.hopelessHeartbeats
      ),
      ("registered", "Registrations of agents, renewed ones too.", meters.registrations),
      ("expired", "Nodes that were marked down for being silent.", meters.expirations),
      ("departed", "Nodes that said goodbye.", meters.departures),
    ]
    for (name, help, meter) in counters {
      page.single("\(prefix)\(name)_total", .counter, help, meter.value)
    }
    guard let table else { return }
    let now = ContinuousClock.now
    page.family(
      prefix + "silence_seconds", .gauge, "How long a node was not heard of; on the leader.")
    for node in table.nodes.prefix(Self.sampleLimit) {
      guard let silence = table.silence(of: node, at: now) else { continue }
      page.sample(prefix + "silence_seconds", [("node", node.name)], silence.seconds)
    }
  }

  mutating func addMaintenance(_ meters: NodeMeters) {
    let prefix = "aion_maintenance_"
    page.single(
      prefix + "passes_total", .counter, "Passes of maintenance over a database.",
      meters.passes.value)
    page.single(
      prefix + "failed_passes_total", .counter, "Passes that were not finished.",
      meters.failedPasses.value)
    page.family(prefix + "plans_total", .counter, "Plans, and what became of them.")
    for step in NodeMeters.Step.allCases {
      let plans = meters.plans(of: step)
      for (status, count) in [("applied", plans.applied), ("skipped", plans.skipped)] {
        page.sample(prefix + "plans_total", [("step", step.rawValue), ("status", status)], count)
      }
    }
  }
}
