import AionHistory
import ArgumentParser
import ClusterRig
import Foundation

/// Clients write and read while processes, networks, disks and clocks fail; then all that they were
/// told is judged.
@main
struct ChaosTool: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chaos",
    abstract: "Has a group of processes suffer under load; judges what the clients heard.",
    discussion: """
      One fault follows the other, each kind once before any comes again; each is lifted, and \
      everyone has to be well before the next one. With --founders 1 the group grows from one to \
      --nodes before, while clients write and read; the minutes count from then on. Faults:

      \(FaultKind.allCases.map { "  \($0.rawValue): \($0.explanation)." }.joined(separator: "\n"))

      Ends with 0 when each fault came to what it should and one order of all operations explains \
      every answer. Ends with 1 when not: then an acknowledged write was lost, a read was stale, \
      or the group did not come to itself. The same seed gives the same faults and the same \
      operations, but not the same moments.
      """)

  @Option(help: "Minutes of faults.")
  var minutes = 1.0

  @Option(help: "Chooses faults and operations (default: drawn, and printed).")
  var seed: UInt64 = .random(in: 0...UInt64.max)

  @Option(
    help: ArgumentHelp("What may happen (default: everything).", valueName: "fault,…"),
    transform: FaultKind.list)
  var faults: [FaultKind] = FaultKind.allCases

  @Option(help: "Processes.")
  var nodes = 3

  @Option(
    help: "Of them, those that found the group; the others join under load first (default: all).")
  var founders: Int?

  @Option(help: "Clients, each with a session.")
  var clients = 64

  @Option(help: "Milliseconds between heartbeats.")
  var heartbeat = 100

  @Option(help: "Write the history there (Docs/History.md).")
  var history: String?

  @Flag(help: "With certificates, made by aionctl for this run: everything goes over TLS.")
  var tls = false

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard minutes > 0, minutes <= 10_000 else { throw ValidationError("--minutes: above 0") }
    guard (1...7).contains(nodes) else { throw ValidationError("--nodes: 1 to 7") }
    guard (1...nodes).contains(founders ?? nodes) else {
      throw ValidationError("--founders: 1 to --nodes, which is \(nodes)")
    }
    guard (1...1_024).contains(clients) else { throw ValidationError("--clients: 1 to 1024") }
    guard heartbeat >= 5 else { throw ValidationError("--heartbeat: at least 5") }
    let lonely = faults.filter { $0.leastNodes > nodes }.map(\.rawValue)
    guard lonely.isEmpty else {
      throw ValidationError(
        "--faults: \(lonely.joined(separator: ", ")): not with --nodes \(nodes)")
    }
  }

  func run() async throws {
    guard let program = ProgramPath.find("aiond") else {
      throw ValidationError("aiond is not built beside this program; use tools/chaos")
    }
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("aion-chaos-\(ProcessInfo.processInfo.processIdentifier)").path
    do {
      let rig = try ClusterRig(
        program: program, folder: folder, founders: founders ?? nodes,
        heartbeat: .milliseconds(heartbeat), settings: Chaos.settings,
        certificates: tls ? try DevelopmentCertificates(in: "\(folder)/certs") : nil,
        hostility: faults.reduce(into: Hostility()) { $0.formUnion($1.hostility) })
      RigInterruption.close(rig)
      defer { rig.close() }
      try rig.startAll()
      try conclude(try await suffer(rig))
    } catch let failure as RigFailure {
      print(json ? try ChaosSummary.json(of: failure, seed: seed) : "FAILED\n\(failure)")
      say(repetition)
      throw ExitCode.failure
    }
  }

  private func suffer(_ rig: ClusterRig) async throws -> Chaos.Report {
    say("seed \(seed)")
    let chaos = Chaos(
      clients: clients, nodes: nodes, duration: .milliseconds(Int(minutes * 60_000)), seed: seed,
      kinds: faults)
    return try await chaos.run(on: rig) { fault in
      say("\(fault.kind.rawValue): \(fault.text)")
    }
  }

  private func conclude(_ report: Chaos.Report) throws {
    try save(report.trial)
    // Followers stand for election after ten heartbeats: what is shorter is no outage.
    let summary = ChaosSummary(report, seed: seed, outageAbove: .milliseconds(heartbeat * 10))
    print(json ? try summary.json() : summary.text)
    guard report.trial.violation != nil else { return }
    say(repetition)
    throw ExitCode.failure
  }

  private var repetition: String {
    let kinds = faults.map(\.rawValue).joined(separator: ",")
    return "repeat with tools/chaos --minutes \(minutes) --seed \(seed) --nodes \(nodes) "
      + (founders.map { "--founders \($0) " } ?? "")
      + "--clients \(clients) --heartbeat \(heartbeat) --faults \(kinds)" + (tls ? " --tls" : "")
  }

  private func say(_ line: String) { FileHandle.standardError.write(Data("\(line)\n".utf8)) }

  private func save(_ report: Trial.Report) throws {
    guard let history else { return }
    var text: [UInt8] = []
    for event in report.events {
      event.append(to: &text)
      text.append(UInt8(ascii: "\n"))
    }
    try Data(text).write(to: URL(fileURLWithPath: history))
  }
}

extension FaultKind {
  /// Kinds by name, separated by commas.
  fileprivate static func list(_ text: String) throws -> [FaultKind] {
    try text.split(separator: ",").map { name in
      guard let kind = FaultKind(rawValue: String(name)) else {
        let known = allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("--faults: '\(name)' is none of \(known)")
      }
      return kind
    }
  }
}
