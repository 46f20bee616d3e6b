import AionSimulation
import ArgumentParser

struct ScenarioOptions: ParsableArguments {
  @Option(
    help: "catalog or registers: what clients do, and to what; drawn from the seed unless given.",
    transform: workload)
  var workload: BuiltInWorkload?
  @Option(help: "Replicas at the start, from 1 to 7; drawn from the seed unless given.")
  var replicas: Int?
  @Option(help: "Clients; drawn from the seed unless given.") var clients: Int?
  @Option(help: "Simulated seconds in which faults strike; drawn from the seed unless given.")
  var seconds: Int?
  @Option(
    help: """
      A fault that does not occur, whatever the seed says: \
      \(FaultKind.allCases.map(\.rawValue).joined(separator: ", ")). May be repeated.
      """,
    transform: fault)
  var without: [FaultKind] = []
  @Flag(help: "Few replicas, few clients, little time.") var lite = false

  private static func workload(_ name: String) throws -> BuiltInWorkload {
    guard let workload = BuiltInWorkload(rawValue: name) else {
      throw ValidationError("\"\(name)\" is no workload; see --help.")
    }
    return workload
  }

  private static func fault(_ name: String) throws -> FaultKind {
    guard let kind = FaultKind(rawValue: name) else {
      throw ValidationError("\"\(name)\" is no fault; see --help.")
    }
    return kind
  }

  func validate() throws {
    guard (1...7).contains(replicas ?? 1) else {
      throw ValidationError("--replicas is from 1 to 7.")
    }
    guard (1...64).contains(clients ?? 1), (0...86_400).contains(seconds ?? 0) else {
      throw ValidationError("--clients is from 1 to 64, --seconds from 0 to 86400.")
    }
  }

  func scenario(_ seed: UInt64) -> Scenario {
    var scenario = Scenario(seed: seed, isLite: lite)
    if let replicas { scenario.replicas = replicas }
    if let clients { scenario.clients = clients }
    if let seconds { scenario.duration = .seconds(seconds) }
    for kind in without { scenario.faults[kind] = .off }
    return scenario
  }

  func load(_ seed: UInt64) -> BuiltInWorkload { workload ?? BuiltInWorkload(for: seed) }

  /// What to type to see the same again.
  func command(_ seed: UInt64) -> String {
    var words = ["tools/aionsim run --seed \(seed)"]
    if let workload { words.append("--workload \(workload.rawValue)") }
    if let replicas { words.append("--replicas \(replicas)") }
    if let clients { words.append("--clients \(clients)") }
    if let seconds { words.append("--seconds \(seconds)") }
    for kind in without { words.append("--without \(kind.rawValue)") }
    if lite { words.append("--lite") }
    return words.joined(separator: " ")
  }
}
