import AionModel
import AionSimulation
import Foundation

/// What a run came to, for people and for programs.
struct RunSummary: Encodable {
  let seed: UInt64
  let workload: String
  let result: String
  let violation: String?
  let command: String
  let replicas: Int
  let everReplicas: Int
  let clients: Int
  let faults: [String]
  let simulatedSeconds: Double
  let events: Int
  let envelopes: Int
  let operations: Int
  let committed: UInt64
  let terms: Int
  let fingerprint: String
  let situations: [String: Int]

  init(_ report: RunReport, _ load: BuiltInWorkload, command: String) {
    seed = report.scenario.seed
    workload = load.rawValue
    result = report.hasPassed ? "PASSED" : "FAILED"
    violation = report.violation.map(\.description)
    self.command = command
    replicas = report.scenario.replicas
    everReplicas = report.replicas
    clients = report.scenario.clients
    faults = report.scenario.faults.occurring.map(\.rawValue)
    simulatedSeconds = Double(report.duration.microseconds) / 1_000_000
    events = report.events
    envelopes = report.envelopes
    operations = report.operations
    committed = report.committed.rawValue
    terms = report.terms
    fingerprint = String(report.fingerprint, radix: 16)
    situations = Dictionary(
      uniqueKeysWithValues: Coverage(report.situations).rows.map { ($0.name, $0.count) })
  }

  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }

  var text: String {
    let lines = [
      "seed         \(seed), \(workload)",
      "replicas     \(replicas) at the start, \(everReplicas) in all; \(clients) clients",
      "faults       \(faults.joined(separator: ", "))",
      "simulated    \(simulatedSeconds) s, \(events) events, \(envelopes) envelopes",
      "done         \(operations) operations, \(committed) entries committed, \(terms) terms",
      "fingerprint  \(fingerprint)",
    ]
    let ending = violation.map { ["FAILED: \($0)", "repeat: \(command)"] } ?? ["PASSED"]
    return (lines + ending).joined(separator: "\n")
  }
}
